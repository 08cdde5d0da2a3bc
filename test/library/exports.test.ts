/** The map of exports: each entry exists, loads, exports what the snapshot has, and every exported name has a comment. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/command";
import { ENTRIES, exportedNames, PACKAGE } from "./entries";

const FIXTURE = join(__dirname, "fixtures/undocumented.ts");

const exported = exportedNames([...ENTRIES.map(({ source }) => source), FIXTURE]);
const namesOf = (file: string) => exported.get(file) ?? [];

function undocumented(file: string): readonly string[] {
  return namesOf(file)
    .filter(({ isDocumented }) => !isDocumented)
    .map(({ name }) => name);
}

test("every file of library/ is an entry, and every entry one of them", () => {
  const files = readdirSync(join(ROOT, "library")).map((name) => join(ROOT, "library", name));
  expect(ENTRIES.map(({ source }) => source).sort()).toEqual(files.sort());
});

test("main and its types are those of the first entry", () => {
  const [first] = ENTRIES;
  expect([first?.name, first?.code, first?.types]).toEqual([
    "labstead",
    `./${PACKAGE.main}`,
    `./${PACKAGE.types}`,
  ]);
});

test("a compiler that does not read the map of exports finds the same types", () => {
  const subpaths = ENTRIES.slice(1).map(({ name, types }) => [name.replace("labstead/", ""), [types]]);
  expect(PACKAGE.typesVersions["*"]).toEqual(Object.fromEntries(subpaths));
});

describe.each(ENTRIES)("$name", ({ code, types, source }) => {
  test("has code and types beside each other", () => {
    expect(code).toMatch(/^\.\/dist\/library\/[a-z-]+\.js$/);
    expect(types).toBe(code.replace(/\.js$/, ".d.ts"));
    expect(existsSync(source)).toBe(true);
  });

  test("loads, with every value that it exports", async () => {
    const module = (await import(source)) as object;
    const values = namesOf(source).filter(({ isValue }) => isValue);
    expect(values.filter(({ name }) => !(name in module))).toEqual([]);
    expect(values.length).toBeGreaterThan(0);
  });

  test("exports these names", () => {
    expect(
      namesOf(source)
        .map(({ name }) => name)
        .sort(),
    ).toMatchSnapshot();
  });

  test("has a doc comment on every name", () => {
    expect(undocumented(source)).toEqual([]);
  });
});

test("a name without a doc comment is found", () => {
  expect(undocumented(FIXTURE)).toEqual(["bare", "Bare", "Tagged"]);
});
