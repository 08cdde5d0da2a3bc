/** The entries of the package, and what each exports, types included. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { ROOT } from "../cli/command";

const target = z.object({ types: z.string(), default: z.string() });
const packageFile = z.object({
  main: z.string(),
  types: z.string(),
  exports: z.record(z.string(), z.union([target, z.string()])),
  typesVersions: z.object({ "*": z.record(z.string(), z.array(z.string())) }),
});

export const PACKAGE = packageFile.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));

export interface Entry {
  /** As it is imported: `labstead/kit`. */
  readonly name: string;
  readonly types: string;
  readonly code: string;
  /** Absolute, in the repository. */
  readonly source: string;
}

/** Entries that are modules, by the map of exports. */
export const ENTRIES: readonly Entry[] = Object.entries(PACKAGE.exports).flatMap(([path, to]) => {
  if (typeof to === "string") return [];
  const source = to.default.replace("./dist/", "").replace(/\.js$/, ".ts");
  return [{ name: join("labstead", path), types: to.types, code: to.default, source: join(ROOT, source) }];
});

/** Options of the repository, with the entries under their names as in a project that has installed the package. */
export function compilerOptions(): ts.CompilerOptions {
  const file = join(ROOT, "tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    ROOT,
  );
  const paths = Object.fromEntries(ENTRIES.map(({ name, source }) => [name, [source]]));
  return { ...options, paths, noEmit: true };
}

export interface ExportedName {
  readonly name: string;
  readonly isValue: boolean;
  readonly isDocumented: boolean;
}

/** What some modules export, by their files. */
export function exportedNames(files: readonly string[]): ReadonlyMap<string, readonly ExportedName[]> {
  const program = ts.createProgram([...files], compilerOptions());
  const checker = program.getTypeChecker();
  return new Map(files.map((file) => [file, namesOf(program.getSourceFile(file), checker)]));
}

function namesOf(file: ts.SourceFile | undefined, checker: ts.TypeChecker): readonly ExportedName[] {
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${file?.fileName ?? "a file"} is no module`);
  return checker.getExportsOfModule(module).map((symbol) => {
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const declared = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    return {
      name: symbol.name,
      isValue: (declared.flags & ts.SymbolFlags.Value) !== 0,
      isDocumented: declared.getDocumentationComment(checker).length > 0,
    };
  });
}
