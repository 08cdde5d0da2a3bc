/** Examples of doc comments and TypeScript blocks of documents, compiled as a reader would use them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "../cli/command";
import { documents } from "../docs/shell-blocks";
import { documentedFiles } from "./blocks";
import { compilerOptions } from "./entries";

/** Nothing of the program: their comments are not read. */
const LEFT_OUT = new Set([
  "node_modules",
  "test",
  "bench",
  "docs",
  "examples",
  "out",
  "coverage",
  "dist",
  "template",
]);

/** Where examples are compiled: a folder that does not exist. */
const FOLDER = join(__dirname, "compiled");

/** What an example may use without saying where it comes from. */
const AMBIENT = `
import type * as pulumi from "@pulumi/pulumi";
import type { IConstruct } from "constructs";
import type { ValueBindings } from "labstead/deploy";
import type { ConnectionArgs, GuardedFact, LabsteadProvider, Rollout } from "labstead/provider";
declare global {
  const provider: LabsteadProvider;
  const kubernetes: pulumi.ProviderResource;
  const kubeconfig: pulumi.Output<string>;
  const connection: ConnectionArgs;
  const flavor: GuardedFact;
  const server: pulumi.CustomResource;
  const rollout: Rollout;
  const controlPlane: pulumi.Resource[];
  const files: pulumi.Resource[];
  const everything: pulumi.Resource[];
  const database: IConstruct;
  const bindings: ValueBindings;
}
`;

export interface Example {
  /** The file it stands in, relative to the repository. */
  readonly file: string;
  readonly code: string;
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith(".") || LEFT_OUT.has(path) ? [] : sources(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

/** Of all doc comments of the program. */
export function commentExamples(): readonly Example[] {
  return sources("").flatMap((file) =>
    examplesIn(readFileSync(join(ROOT, file), "utf8")).map((code) => ({ file, code })),
  );
}

/** What stands after `@example` in doc comments, up to the next tag. */
export function examplesIn(source: string): readonly string[] {
  const comments = [...source.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].map(([comment]) =>
    comment
      .replace(/^\s*\/\*\*|\*\/$/g, "")
      .split("\n")
      .map((line) => line.replace(/^\s*\* ?/, ""))
      .join("\n"),
  );
  return comments.flatMap((text) =>
    text
      .split(/^@/m)
      .flatMap((tag) => (tag.startsWith("example") ? [tag.slice("example".length).trim()] : [])),
  );
}

/** Of all documents but the one whose blocks are a project of their own. */
export function documentExamples(): readonly Example[] {
  return documents()
    .filter((file) => file !== "docs/library.md")
    .flatMap((file) =>
      [...readFileSync(join(ROOT, file), "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => ({
        file,
        code,
      })),
    );
}

/** What the compiler says to examples, each with its file. */
export function compileExamples(examples: readonly Example[]): readonly string[] {
  const modules = new Map(examples.map((example, index) => [join(FOLDER, `example-${index}.ts`), example]));
  const options = { ...compilerOptions(), noUnusedLocals: false };
  const texts = new Map([
    [join(FOLDER, "ambient.d.ts"), AMBIENT],
    ...[...documentedFiles()].map(([name, code]) => [join(FOLDER, name), code] as const),
    ...[...modules].map(([path, example]) => [path, withOwnImports(example, options)] as const),
  ]);
  const program = ts.createProgram([...texts.keys()], options, hostWith(texts, options));
  return [...texts.keys()].flatMap((path) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(path)).map(({ messageText }) => {
      const where = modules.get(path)?.file ?? relative(FOLDER, path);
      return `${where}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    }),
  );
}

function hostWith(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    directoryExists: (path) => path === FOLDER || ts.sys.directoryExists(path),
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? host.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, text, version, true);
    },
  };
}

/** An example of a file may use what the file exports: a reader sees it on that very name. */
function withOwnImports({ file, code }: Example, options: ts.CompilerOptions): string {
  if (!file.endsWith(".ts")) return code;
  const path = join(ROOT, file);
  const source = ts.createSourceFile(
    path,
    readFileSync(path, "utf8"),
    options.target ?? ts.ScriptTarget.ES2022,
  );
  const exported = source.statements.flatMap(exportedName);
  const used = exported.filter(
    (name) =>
      new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`(import .*|const )\\b${name}\\b`).test(code),
  );
  const from = relative(FOLDER, path).replace(/\.ts$/, "");
  return `import { ${used.join(", ")} } from "${from}";\n${code}`;
}

function exportedName(statement: ts.Statement): readonly string[] {
  const declaration = statement as ts.Statement & { readonly name?: ts.Identifier };
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return isExported === true && declaration.name !== undefined ? [declaration.name.text] : [];
}
