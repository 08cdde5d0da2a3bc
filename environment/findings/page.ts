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

/** Where the page has a finding, from the project's folder: the fragment is what GitHub makes of the heading. */
export function pageLink(id: string): string {
  return `docs/findings.md#${id.replaceAll(".", "")}`;
}

const INTRODUCTION = [
  "# Findings",
  wrapped(
    "What `labstead check`, `plan`, `preview` and `up` have to say about an environment's files, by the id in brackets. An error stops `up` before anything is touched, and all errors are told together; a warning is for a decision, an info for knowledge. On the command line:",
  ),
  "```sh\nnpx --no-install labstead check --explain\nnpx --no-install labstead check --explain port.clash\n```",
  wrapped(`This page is generated from \`environment/findings/\`; \`${RENEW_COMMAND}\` renews it.`),
];

/** The page as the registry gives it. */
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
