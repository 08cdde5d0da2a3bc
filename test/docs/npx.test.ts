/**
 * `npx` runs what is installed here and nothing else. Outside of the project, or before `npm ci`, it would ask the
 * registry for a package of that name, which is anybody's, and run it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/command";

/** Not written here, or not by hand. */
const LEFT_OUT = [
  "node_modules",
  ".git",
  ".tools",
  ".labstead",
  "out",
  "coverage",
  "dist",
  "api",
  "package-lock.json",
];
const TEXTS = /\.(?:md|ts|js|mjs|json|yml|yaml|sh)$|^(?:Makefile|run)$/;

function texts(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return texts(path);
      return entry.isFile() && TEXTS.test(entry.name) ? [path] : [];
    });
}

/** Lines that start a program by `npx` and do not say that it has to be here. */
function asking(text: string): readonly string[] {
  return text.split("\n").filter((line) => /\bnpx\s+(?!--no-install\b)["'`$<{\w@-]/.test(line));
}

const files = texts("");

test.each([
  ["npx", "labstead check"],
  ["npx", "--yes labstead check"],
  ["run: npx", "${command}"],
])("%s %s is found", (program, rest) => {
  expect(asking(`${program} ${rest}`)).toHaveLength(1);
  expect(asking(`${program} --no-install ${rest}`)).toEqual([]);
});

test("documents, programs, stack files and workflows are looked through", () => {
  expect(files).toEqual(
    expect.arrayContaining([
      "README.md",
      "docs/real-cloud.md",
      "cli/main.ts",
      "Pulumi.prod.yaml",
      "Makefile",
      ".ci/run",
      ".github/workflows/preview.yml",
    ]),
  );
});

test("nothing here starts a program that a registry would have to give", () => {
  const found = files.flatMap((file) =>
    asking(readFileSync(join(ROOT, file), "utf8")).map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
