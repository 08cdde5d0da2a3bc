/**
 * A process that previews branches of a repository on one base, which is brought up once. Prints one line of JSON:
 * reports and exit codes by branch, and every secret of the state that is in one of them.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Engine } from "../../../rehearsal/engine";
import { compare, openEngines, previewed } from "../../../cli/preview/run";
import { writePages } from "../../../cli/preview/pages";
import { previewMarkdown } from "../../../review/preview/markdown";
import { exitCodeOf } from "../../../review/preview/verdict";
import { pulumiExecutable } from "../../rehearsal/engine-lab";
import { filesBelow, leaks, marksOf } from "../secret-search";
import { git } from "./scratch";

/** What the process prints. */
export interface Heads {
  readonly reports: Readonly<Record<string, { readonly text: string; readonly code: number }>>;
  readonly secrets: number;
  readonly leaks: readonly string[];
}

async function previewHeads(folder: string, branches: readonly string[]): Promise<Heads> {
  const engines = openEngines(compared(folder, "main"), folder);
  const texts = new Map<string, string>();
  const reports: Record<string, Heads["reports"][string]> = {};
  try {
    for (const branch of branches) {
      const comparison = compared(folder, branch);
      const preview = await previewed(comparison, engines, join(folder, branch));
      const pages = join(folder, branch, "pages");
      writePages(comparison, preview, pages);
      const text = previewMarkdown(preview);
      reports[branch] = { text, code: exitCodeOf(preview) };
      texts.set(branch, `${text}\n${JSON.stringify(preview)}`);
      for (const [name, page] of filesBelow(pages, [])) texts.set(`${branch}/${name}`, page);
    }
  } finally {
    await engines.stop();
  }
  const marks = marksOf(JSON.stringify(await stateOf(folder)));
  return { reports, secrets: marks.length, leaks: leaks(marks, texts) };
}

function compared(folder: string, branch: string) {
  const copy = join(folder, branch);
  mkdirSync(copy);
  git(process.cwd(), "checkout", "--quiet", branch);
  return compare([], "origin/main", copy);
}

/** Of the owner at the base. */
async function stateOf(folder: string): Promise<unknown> {
  const engine = await Engine.open({
    directory: join(folder, "engine"),
    pulumi: pulumiExecutable(),
    source: { project: "scratch", stack: "lab" },
    program: () => Promise.resolve(),
    debugProviders: "",
  });
  return engine.export();
}

const [folder = "", ...branches] = process.argv.slice(2);
void previewHeads(folder, branches).then((heads) => {
  console.log(JSON.stringify(heads));
});
