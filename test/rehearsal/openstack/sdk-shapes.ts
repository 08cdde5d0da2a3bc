/** What the SDK's own declarations say of a type's inputs, in the notation of `rehearsal/openstack/types.json`. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import ts from "typescript";

import type { Shape } from "../../../rehearsal/table/shape";

const SDK = dirname(require.resolve("@pulumi/openstack/package.json"));

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(SDK, file), "utf8"), ts.ScriptTarget.ES2022, true);
}

/** Input interfaces of the nested types by qualified name, e.g. `networking.PortFixedIp`. */
function nestedInterfaces(): ReadonlyMap<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Node, namespace: string): void => {
    if (ts.isModuleDeclaration(node) && node.body !== undefined) {
      ts.forEachChild(node.body, (child) => visit(child, `${node.name.text}.`));
    } else if (ts.isInterfaceDeclaration(node)) found.set(namespace + node.name.text, node);
  };
  ts.forEachChild(parse("types/input.d.ts"), (node) => visit(node, ""));
  return found;
}

const nested = nestedInterfaces();

/** The inputs of a resource type, from its `Args` interface. */
export function sdkInputs(token: string): Readonly<Record<string, Shape>> {
  const [, path = "", name = ""] = token.split(":");
  let args: ts.InterfaceDeclaration | undefined;
  ts.forEachChild(parse(declarationFile(path)), (node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === `${name}Args`) args = node;
  });
  if (args === undefined) throw new Error(`the SDK has no arguments for ${token}`);
  return members(args.members);
}

/** The file of a token's path; names of tokens and files differ in case here and there. */
function declarationFile(path: string): string {
  const wanted = `${path}.d.ts`.toLowerCase();
  const file = readdirSync(join(SDK, dirname(path))).find(
    (name) => join(dirname(path), name).toLowerCase() === wanted,
  );
  if (file === undefined) throw new Error(`the SDK has no ${path}`);
  return join(dirname(path), file);
}

function members(list: ts.NodeArray<ts.TypeElement>): Readonly<Record<string, Shape>> {
  const shapes: Record<string, Shape> = {};
  for (const member of list) {
    if (!ts.isPropertySignature(member) || member.type === undefined)
      throw new Error(`not understood: ${member.getText()}`);
    shapes[member.name.getText() + (member.questionToken === undefined ? "" : "?")] = shape(member.type);
  }
  return shapes;
}

function shape(node: ts.TypeNode): Shape {
  if (ts.isArrayTypeNode(node)) return [shape(node.elementType)];
  if (ts.isTypeLiteralNode(node)) {
    const [index] = node.members;
    if (index !== undefined && ts.isIndexSignatureDeclaration(index)) return { "*": shape(index.type) };
  }
  if (ts.isTypeReferenceNode(node)) return referenced(node);
  const text = node.getText();
  if (text === "string" || text === "number" || text === "boolean" || text === "any") return text;
  throw new Error(`not understood: ${text}`);
}

function referenced(node: ts.TypeReferenceNode): Shape {
  const name = node.typeName.getText();
  const [argument] = node.typeArguments ?? [];
  if (name === "pulumi.Input" && argument !== undefined) return shape(argument);
  const declared = nested.get(name.replace(/^inputs\./, ""));
  if (declared === undefined) throw new Error(`not understood: ${node.getText()}`);
  return members(declared.members);
}
