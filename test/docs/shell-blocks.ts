/** The shell blocks of the documents that a user follows. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../cli/command";

/** Block of docs/real-cloud.md by which a tenant of a cluster that exists already gets its kubeconfig. */
export const TENANT_KUBECONFIG = "export KUBECONFIG=";

export function documents(): readonly string[] {
  const docs = readdirSync(join(ROOT, "docs")).map((name) => join("docs", name));
  return ["README.md", ...docs.filter((name) => name.endsWith(".md"))];
}

/** As they stand there. */
export function shellBlocks(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
}

/** The only block that begins so. */
export function blockBeginning(start: string): string {
  const [block, ...more] = documents()
    .flatMap(shellBlocks)
    .filter((each) => each.trimStart().startsWith(start));
  if (block === undefined || more.length > 0) throw new Error(`not one block begins with ${start}`);
  return block;
}

/** Its commands, without comments; one that goes on in the next line is one. */
export function commandsOf(block: string): readonly string[] {
  return block
    .replace(/\s*\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "");
}
