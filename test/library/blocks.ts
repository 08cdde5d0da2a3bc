/** The TypeScript blocks of docs/library.md: each is a file of a project, named by its first line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/command";

/** Contents by file name. @throws Error for a block without a name, or two of one name */
export function documentedFiles(): ReadonlyMap<string, string> {
  const text = readFileSync(join(ROOT, "docs/library.md"), "utf8");
  const files = new Map<string, string>();
  for (const [, block = ""] of text.matchAll(/```ts\n([\s\S]*?)```/g)) {
    const name = /^\/\/ ([a-z-]+\.ts)\n/.exec(block)?.[1];
    if (name === undefined) throw new Error(`no file is named by: ${block.split("\n")[0] ?? ""}`);
    if (files.has(name)) throw new Error(`two blocks are ${name}`);
    files.set(name, block);
  }
  return files;
}
