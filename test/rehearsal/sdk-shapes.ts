/** What an SDK's own declarations say of a type's inputs, in the notation of the built-in cloud's tables. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import ts from "typescript";

import type { Shape } from "../../rehearsal/table/shape";

type Shapes = Readonly<Record<string, Shape>>;

/** The declarations of one package of SDK classes, e.g. `@pulumi/openstack`. */
export class SdkShapes {
  readonly #root: string;
  readonly #nested: ReadonlyMap<string, ts.InterfaceDeclaration>;

  constructor(npmPackage: string) {
    this.#root = dirname(require.resolve(`${npmPackage}/package.json`));
    this.#nested = this.#nestedInterfaces();
  }

  /** The inputs of a resource type, from its `Args` interface. */
  inputs(token: string): Shapes {
    const [, path = "", name = ""] = token.split(":");
    let args: ts.InterfaceDeclaration | undefined;
    ts.forEachChild(this.#parse(this.#declarationFile(path.replace(/^index\//, ""))), (node) => {
      if (ts.isInterfaceDeclaration(node) && node.name.text === `${name}Args`) args = node;
    });
    if (args === undefined) throw new Error(`the SDK has no arguments for ${token}`);
    return this.#members(args.members);
  }

  #parse(file: string): ts.SourceFile {
    return ts.createSourceFile(
      file,
      readFileSync(join(this.#root, file), "utf8"),
      ts.ScriptTarget.ES2022,
      true,
    );
  }

  /** Input interfaces of the nested types by qualified name, e.g. `networking.PortFixedIp`. */
  #nestedInterfaces(): ReadonlyMap<string, ts.InterfaceDeclaration> {
    const found = new Map<string, ts.InterfaceDeclaration>();
    const visit = (node: ts.Node, namespace: string): void => {
      if (ts.isModuleDeclaration(node) && node.body !== undefined) {
        ts.forEachChild(node.body, (child) => visit(child, `${node.name.text}.`));
      } else if (ts.isInterfaceDeclaration(node)) found.set(namespace + node.name.text, node);
    };
    const file = "types/input.d.ts";
    if (existsSync(join(this.#root, file))) ts.forEachChild(this.#parse(file), (node) => visit(node, ""));
    return found;
  }

  /** The file of a token's path; names of tokens and files differ in case here and there. */
  #declarationFile(path: string): string {
    const wanted = `${path}.d.ts`.toLowerCase();
    const files = readdirSync(join(this.#root, dirname(path))).map((name) => join(dirname(path), name));
    const file = files.find((name) => name.toLowerCase() === wanted);
    if (file === undefined) throw new Error(`the SDK has no ${path}`);
    return file;
  }

  #members(list: ts.NodeArray<ts.TypeElement>): Shapes {
    const shapes: Record<string, Shape> = {};
    for (const member of list) {
      if (!ts.isPropertySignature(member) || member.type === undefined)
        throw new Error(`not understood: ${member.getText()}`);
      shapes[member.name.getText() + (member.questionToken === undefined ? "" : "?")] = this.#shape(
        member.type,
      );
    }
    return shapes;
  }

  #shape(node: ts.TypeNode): Shape {
    if (ts.isArrayTypeNode(node)) return [this.#shape(node.elementType)];
    if (ts.isUnionTypeNode(node)) return this.#present(node);
    if (ts.isTypeLiteralNode(node)) {
      const [index] = node.members;
      if (index !== undefined && ts.isIndexSignatureDeclaration(index))
        return { "*": this.#shape(index.type) };
    }
    if (ts.isTypeReferenceNode(node)) return this.#referenced(node);
    const text = node.getText();
    if (text === "string" || text === "number" || text === "boolean" || text === "any") return text;
    throw new Error(`not understood: ${text}`);
  }

  /** `T | undefined` is `T`. */
  #present(node: ts.UnionTypeNode): Shape {
    const [only, ...more] = node.types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword);
    if (only === undefined || more.length > 0) throw new Error(`not understood: ${node.getText()}`);
    return this.#shape(only);
  }

  #referenced(node: ts.TypeReferenceNode): Shape {
    const name = node.typeName.getText();
    const [argument] = node.typeArguments ?? [];
    if (name === "pulumi.Input" && argument !== undefined) return this.#shape(argument);
    const declared = this.#nested.get(name.replace(/^inputs\./, ""));
    if (declared === undefined) throw new Error(`not understood: ${node.getText()}`);
    return this.#members(declared.members);
  }
}
