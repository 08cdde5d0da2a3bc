/**
 * `docs/findings.md`: the registry of findings as a page, a section for each topic and a heading for each id.
 * Run with `--write` it renews the page.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FINDING_TOPICS, type FindingId } from ".";
import { FINDING_EXAMPLES, isOfManifests } from "./examples";
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
  wrapped(
    "Some have two examples, of what is just found and of what is just not. A part of an environment is merged into a lab's with all roles; manifests stand for a chart's, in a cluster of two workers in the zones a and b and one for users, with 4 CPUs and 8 GiB free at most, and the classes block and shared, of which none is the default.",
  ),
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
  return [`### ${id}`, `**${severity}**: ${title}`, wrapped(why), ...examples(id as FindingId)];
}

/** Both are run by a test. */
function examples(id: FindingId): readonly string[] {
  const example = FINDING_EXAMPLES[id];
  if (example === undefined) return [];
  const what = isOfManifests(id) ? "Manifests" : "A part of an environment";
  return [
    `${what} with it, then without:`,
    `\`\`\`yaml\n${example.found}\n\`\`\``,
    `\`\`\`yaml\n${example.notFound}\n\`\`\``,
  ];
}

if (require.main === module && process.argv.includes("--write")) writeFileSync(PAGE_FILE, findingsPage());
