/** Imports point one way: no file of the program reaches itself by its imports, types included. */
import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { preProcessFile } from "typescript";

const ROOT = join(__dirname, "../..");
const NO_ROOMS = new Set([
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

type Imports = ReadonlyMap<string, readonly string[]>;

function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith(".") || NO_ROOMS.has(path) ? [] : sources(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(files: readonly string[], text: (file: string) => string): Imports {
  const known = new Set(files);
  const target = (file: string, specifier: string): readonly string[] => {
    const path = normalize(join(file, "..", specifier));
    return [`${path}.ts`, join(path, "index.ts")].filter((each) => known.has(each)).slice(0, 1);
  };
  return new Map(
    files.map((file) => {
      const specifiers = preProcessFile(text(file)).importedFiles.map(({ fileName }) => fileName);
      return [file, specifiers.filter((each) => each.startsWith(".")).flatMap((each) => target(file, each))];
    }),
  );
}

/** The first circle that is met from each file, as `a -> b -> a`. */
function circles(imports: Imports): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) found.push([...way.slice(start), file].join(" -> "));
    if (start >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

test("there is no circle of imports", () => {
  const files = sources(".");
  expect(files.length).toBeGreaterThan(300);
  expect(circles(importsOf(files, (file) => readFileSync(join(ROOT, file), "utf8")))).toEqual([]);
});

test("a circle is found, through a folder and by types alone", () => {
  const program: Readonly<Record<string, string>> = {
    "a/x.ts": 'import { y } from "../b"; export const x = y;',
    "b/index.ts": 'export * from "./y";',
    "b/y.ts": 'import type { X } from "../a/x"; import { z } from "./z";',
    "b/z.ts": "export const z = 1;",
  };
  expect(circles(importsOf(Object.keys(program), (file) => program[file] ?? ""))).toEqual([
    "a/x.ts -> b/index.ts -> b/y.ts -> a/x.ts",
  ]);
});
