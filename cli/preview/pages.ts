/** The HTML reports of a preview, one for each stack that the head has. */
import { join } from "node:path";
import { stackFile } from "../../environment/stack-file";
import { reportPage } from "../../review/report/page/page";
import type { Preview } from "../../review/preview/types";
import { comparedReport } from "../report/compared";
import { writeReport } from "../shared/report-file";
import type { StackSides } from "./stack-preview";

/** What is read of a comparison. */
interface ComparedSides {
  readonly repository: { readonly directory: string };
  readonly baseFolder: string;
  readonly all: readonly StackSides[];
}

/** Writes `<folder>/<stack>.html`, with the changes marked and what the engine would do. */
export function writePages(
  { all, repository, baseFolder }: ComparedSides,
  preview: Preview,
  folder: string,
): void {
  for (const stackPreview of preview.stacks) {
    const { stack, steps } = stackPreview;
    const sides = all.find((each) => each.stack === stack);
    if (sides?.head?.lab === undefined) continue;
    const head = { lab: sides.head.lab, file: stackFile(repository.directory, stack) };
    const base = sides.base?.lab && { lab: sides.base.lab, file: stackFile(baseFolder, stack) };
    const report = comparedReport(head, base, { against: preview.against, steps });
    writeReport(join(folder, `${stack}.html`), reportPage(report));
  }
}
