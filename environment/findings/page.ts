/**
 * `docs/findings.md`: the registry of findings as a page, a section for each topic and a heading for each id.
 * Run with `--write` it renews the page.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FINDING_TOPICS } from ".";
import type { FindingRow, FindingTopic } from "./row";
import { wrapped } from "./wrapped";

const PAGE_FILE = join(__dirname, "../../docs/findings.md");
export const RENEW_COMMAND = "node --import tsx environment/findings/page.ts --write";

/** Link to a finding on the page, from the project's folder: the fragment is GitHub's for the heading. */
export function pageLink(id: string): string {
  return `docs/findings.md#${id.replaceAll(".", "")}`;
}

const INTRODUCTION = [
  "# Findings",
  wrapped(
    "Findings of `labstead check`, `plan`, `preview` and `up` about an environment's files, by the id in brackets. An error stops `up` before anything is changed, and all errors are reported together; a warning needs a decision, an info is a note. Those that may stay are listed in `acceptedFindings` of the environment ([environment.md](environment.md#accepted-findings)). On the command line:",
  ),
  "```sh\nnpx --no-install labstead check --explain\nnpx --no-install labstead check --explain port.clash\n```",
  wrapped(`This page is generated from \`environment/findings/\`; \`${RENEW_COMMAND}\` renews it.`),
];

/** The page generated from the registry. */
export function findingsPage(): string {
  return `${[...INTRODUCTION, ...FINDING_TOPICS.flatMap(section)].join("\n\n")}\n`;
}

/** The page in the repository. */
export function writtenPage(): string {
  return readFileSync(PAGE_FILE, "utf8");
}

function section({ title, guide, rows }: FindingTopic): readonly string[] {
  return [
    `## ${title}`,
    `The keys are described in [${guide}](${guide}).`,
    ...Object.entries(rows).flatMap(([id, row]) => entry(id, row)),
  ];
}

function entry(id: string, { severity, title, why }: FindingRow): readonly string[] {
  return [`### ${id}`, `**${severity}**: ${title}`, wrapped(why)];
}

if (require.main === module && process.argv.includes("--write")) writeFileSync(PAGE_FILE, findingsPage());
