/** Which programs of the host a source file starts, and which it declares: read from its text, nothing is run. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import { commandPrograms, type Word } from "./words";

/** Functions and methods that are given a command line of the host: as one array, or as a program and an array. */
const STARTERS = new Set("host attempt outside spawn spawnSync execFile execFileSync".split(" "));
const DECLARES = "runs";

export interface Scanned {
  readonly path: string;
  /** Programs that it starts by name, and those that these start. */
  readonly starts: ReadonlySet<string>;
  /** Programs that it says it runs. */
  readonly declares: ReadonlySet<string>;
  /** Files of this repository that it imports. */
  readonly imports: readonly string[];
}

/** What a name stands for where it is used. */
type Constants = (name: ts.Identifier) => ts.Expression | undefined;

export function scan(path: string): Scanned {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  const nodes = descendants(source);
  const made = nodes.flatMap(constantOf).toSorted(([, one], [, other]) => one.pos - other.pos);
  const constants: Constants = ({ text, pos }) =>
    made.findLast(([name, { end }]) => name === text && end < pos)?.[1] ??
    made.find(([name]) => name === text)?.[1];
  const calls = nodes.filter((node) => ts.isCallExpression(node));
  const declared = calls.filter((call) => calleeOf(call) === DECLARES);
  const started = calls.filter((call) => STARTERS.has(calleeOf(call)));
  return {
    path,
    starts: new Set(
      [
        ...started.map((call) => commandOf(call, constants)),
        ...nodes.flatMap((node) => [...entering(node)].map((line) => line.map(literal))),
      ].flatMap(commandPrograms),
    ),
    declares: new Set(declared.flatMap((call) => call.arguments.flatMap((word) => literal(word) ?? []))),
    imports: source.statements.flatMap((statement) =>
      ts.isImportDeclaration(statement) ? (resolved(path, statement) ?? []) : [],
    ),
  };
}

function descendants(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [node];
  for (const each of found) ts.forEachChild(each, (child) => void found.push(child));
  return found;
}

/** Of `const [program, ...words] = line` the program stands for the whole line. */
function constantOf(node: ts.Node): readonly (readonly [string, ts.Expression])[] {
  if (!ts.isVariableDeclaration(node) || node.initializer === undefined) return [];
  const { name, initializer } = node;
  if (ts.isIdentifier(name)) return [[name.text, initializer]];
  const [first] = name.elements;
  const isLine = ts.isArrayBindingPattern(name) && first !== undefined && ts.isBindingElement(first);
  return isLine && ts.isIdentifier(first.name) ? [[first.name.text, initializer]] : [];
}

/** What stands before a command line to enter a namespace is returned by a getter of this name. */
function entering(node: ts.Node): readonly (readonly ts.Expression[])[] {
  if (!ts.isGetAccessorDeclaration(node) || node.name.getText() !== "enter") return [];
  return descendants(node).flatMap((each) => (ts.isArrayLiteralExpression(each) ? [[...each.elements]] : []));
}

function calleeOf({ expression }: ts.CallExpression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
}

function commandOf({ arguments: [first, second] }: ts.CallExpression, constants: Constants): readonly Word[] {
  const isLine = first !== undefined && ts.isArrayLiteralExpression(first);
  const words = [first, isLine ? undefined : second].flatMap((each) =>
    each === undefined ? [] : expanded(each, constants),
  );
  const begin = words.findIndex((word) => word !== ENTER);
  return words.slice(Math.max(begin, 0)).map((word) => (word === ENTER ? undefined : word));
}

/** Any number of words that are not known here. */
const ENTER = Symbol("words");

function expanded(expression: ts.Expression, constants: Constants): readonly (Word | typeof ENTER)[] {
  const text = literal(expression);
  if (text !== undefined) return [text];
  if (ts.isArrayLiteralExpression(expression))
    return expression.elements.flatMap((each) =>
      ts.isSpreadElement(each) ? expanded(each.expression, constants) : [constant(each, constants)],
    );
  if (ts.isAsExpression(expression) || ts.isParenthesizedExpression(expression))
    return expanded(expression.expression, constants);
  if (ts.isConditionalExpression(expression)) return expanded(expression.whenTrue, constants);
  const value = ts.isIdentifier(expression) ? constants(expression) : undefined;
  return value === undefined || value === expression ? [ENTER] : expanded(value, constants);
}

function constant(word: ts.Expression, constants: Constants): Word {
  const value = ts.isIdentifier(word) ? constants(word) : undefined;
  return literal(word) ?? (value === undefined ? undefined : literal(value));
}

function literal(word: ts.Expression): string | undefined {
  return ts.isStringLiteralLike(word) ? word.text : undefined;
}

function resolved(from: string, { moduleSpecifier }: ts.ImportDeclaration): string | undefined {
  const name = literal(moduleSpecifier) ?? "";
  if (!name.startsWith(".")) return undefined;
  const path = join(dirname(from), name);
  return [`${path}.ts`, join(path, "index.ts")].find((each) => existsSync(each));
}
