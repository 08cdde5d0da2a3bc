/** `labstead preview --against <git ref>`: what a change of the repository would do, by the real engine on the built-in cloud. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { readProject } from "../../environment/project-file";
import { stackFile, stacksIn } from "../../environment/stack-file";
import { findingChanges } from "../../review/preview/compare";
import { commentMarkdown, previewMarkdown } from "../../review/preview/markdown";
import type { Preview, StackPreview } from "../../review/preview/types";
import { exitCodeOf } from "../../review/preview/verdict";
import { install } from "../../tools/toolchain/executables";
import { pulumi } from "../../tools/toolchain/pulumi";
import { findingsBetween } from "../check/between";
import { existingNetworks } from "../rehearse/existing-networks";
import { UserError } from "../shared/failure";
import { writeReport } from "../shared/report-file";
import { affectedStacks, affecting, ownerName, withOwners } from "./affected";
import { Engines, type ProgramRun } from "./engines";
import { checkOutBase, compareWith, type Repository } from "./repository";
import { composerIn, configOf, INSTALLED, programIn, readSide } from "./side";
import { stackPreview, type StackSides } from "./stack-preview";

export interface PreviewOptions {
  readonly against: string;
  /** File of the whole report. @default it is printed */
  readonly output?: string;
  /** File of the report without diffs, which fits a comment. @default none */
  readonly comment?: string;
  /** Folder of the reports with pictures, `<stack>.html`. @default none */
  readonly pages?: string;
  /** Prints the report as data. */
  readonly json?: true;
}

/** The folders and programs of both sides. */
export interface Comparison {
  readonly against: string;
  readonly repository: Repository;
  readonly baseFolder: string;
  readonly program: { readonly base: PulumiFn; readonly head: PulumiFn };
  readonly all: readonly StackSides[];
  /** Names of those that are reported. */
  readonly affected: readonly string[];
}

/** Sets the exit code for a gate: 0 nothing or harmless, 2 it deletes, replaces, interrupts or is refused, 1 errors. */
export async function runPreview(stacks: readonly string[], options: PreviewOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "labstead-preview-"));
  try {
    const comparison = compare(stacks, options.against, folder);
    const engines = openEngines(comparison, folder);
    const preview = await previewed(comparison, engines, folder).finally(() => engines.stop());
    write(preview, options);
    if (options.pages !== undefined) (await import("./pages")).writePages(comparison, preview, options.pages);
    process.exitCode = exitCodeOf(preview);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param folder for the files of the base */
export function compare(stacks: readonly string[], against: string, folder: string): Comparison {
  const repository = compareWith(against, process.cwd());
  const { directory } = repository;
  const baseFolder = checkOutBase(repository, folder);
  const changes = affecting(repository.changed);
  const composer = changes.program ? composerIn(baseFolder) : INSTALLED;
  const names = [...new Set([...stacksIn(baseFolder), ...stacksIn(directory)])].sort();
  refuseUnknown(stacks, names);
  const all = names.map((stack) => ({
    stack,
    base: readSide(baseFolder, stack, composer),
    head: readSide(directory, stack, INSTALLED),
  }));
  const ownerOf = (stack: string) => ownerOfSides(all.find((each) => each.stack === stack));
  const affected = stacks.length > 0 ? stacks : affectedStacks(names, changes, ownerOf);
  const head = programIn(directory);
  const program = { head, base: changes.program ? programIn(baseFolder) : head };
  return { against, repository, baseFolder, program, all, affected };
}

function refuseUnknown(stacks: readonly string[], known: readonly string[]): void {
  const unknown = stacks.filter((each) => !known.includes(each));
  if (unknown.length > 0)
    throw new UserError(
      `${unknown.join(", ")}: neither side has such a stack; there are ${known.join(", ")}`,
    );
}

function ownerOfSides(sides: StackSides | undefined): string | undefined {
  return ownerName(configOf(sides?.head, sides?.base));
}

/** A built-in cloud for a comparison. It may serve others with the same base. */
export function openEngines({ all, repository }: Comparison, folder: string): Engines {
  const labs = all.flatMap(({ base, head }) => [base?.lab ?? [], head?.lab ?? []].flat());
  const project = readProject(repository.directory);
  return new Engines({
    folder,
    executable: () => install(pulumi(), { log: console.error }),
    project: project.ok ? project.project.name : "labstead",
    existingNetworks: existingNetworks(labs.map(({ plan }) => plan)),
  });
}

/** @param folder for the files that are compared */
export async function previewed(comparison: Comparison, engines: Engines, folder: string): Promise<Preview> {
  const { against, repository, all } = comparison;
  const { base, head, behind } = repository;
  const stacks = await previewStacks(comparison, engines, join(folder, "files"));
  const between = (side: "base" | "head") => findingsBetween(all.flatMap((each) => each[side] ?? []));
  return {
    ...{ against, base, stacks },
    ...(head === undefined ? {} : { head }),
    notes: behind === 0 ? [] : [behindText(against, behind)],
    across: findingChanges(between("base"), between("head")),
  };
}

function behindText(against: string, behind: number): string {
  return `${against} has ${String(behind)} commits that are not in this branch, and not in this preview: merge or rebase to see both`;
}

async function previewStacks(
  comparison: Comparison,
  engines: Engines,
  files: string,
): Promise<readonly StackPreview[]> {
  const { all, affected } = comparison;
  const sidesOf = (stack: string) => all.find((each) => each.stack === stack);
  const planned = affected.filter((stack) => sidesOf(stack)?.head?.lab !== undefined);
  for (const stack of withOwners(planned, (each) => ownerOfSides(sidesOf(each))))
    if (sidesOf(stack)?.base?.lab !== undefined) await engines.up(programRun(comparison, stack, "base"));
  const reports: StackPreview[] = [];
  for (const sides of affected.flatMap((stack) => sidesOf(stack) ?? [])) {
    const { stack, base, head } = sides;
    // The owner's state cannot know a tenant that is new: then its outputs are unknown.
    const hasOwner = base?.lab !== undefined;
    const outcome =
      head?.lab === undefined
        ? undefined
        : await engines.preview(programRun(comparison, stack, "head"), hasOwner);
    reports.push(stackPreview(sides, outcome, join(files, stack)));
  }
  return reports;
}

function programRun(
  { repository, baseFolder, program }: Comparison,
  stack: string,
  side: "base" | "head",
): ProgramRun {
  const directory = side === "base" ? baseFolder : repository.directory;
  return { stack, directory, stackFile: stackFile(directory, stack), program: program[side] };
}

function write(preview: Preview, { output, comment, json }: PreviewOptions): void {
  const report = previewMarkdown(preview);
  if (output !== undefined) writeReport(output, report);
  if (comment !== undefined) writeReport(comment, commentMarkdown(preview));
  if (json) console.log(JSON.stringify(preview, undefined, 2));
  else if (output === undefined) process.stdout.write(report);
  else console.log(report.split("\n", 1)[0] ?? "");
}
