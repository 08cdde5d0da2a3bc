/** Every link between the documents leads to a file that exists, and to a heading of it. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { ROOT } from "../cli/command";
import { documents } from "./shell-blocks";

const files = [...documents(), "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** The fragment by which GitHub names a heading. */
function fragment(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function headings(file: string): readonly string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => fragment(heading));
}

interface Link {
  readonly target: string;
  readonly heading?: string;
}

/** Without those to other sites. */
function linksIn(file: string): readonly Link[] {
  return [...read(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(
    ([, path = "", heading]) => ({
      target: path === "" ? file : normalize(join(dirname(file), path)),
      ...(heading !== undefined && { heading }),
    }),
  );
}

function isBroken({ target, heading }: Link): boolean {
  if (!existsSync(join(ROOT, target))) return true;
  return heading !== undefined && !headings(target).includes(heading);
}

test.each(files)("the links of %s lead somewhere", (file) => {
  expect(linksIn(file).filter(isBroken)).toEqual([]);
});

test("every document is found from the README", () => {
  const linked = linksIn("README.md").map(({ target }) => target);
  expect(
    files.filter((file) => !["README.md", "CHANGELOG.md"].includes(file) && !linked.includes(file)),
  ).toEqual([]);
});
