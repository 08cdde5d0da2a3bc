/** Separates the findings that an environment accepts, with the reasons, from those that still need a decision. */
import type { AcceptedFindingsConfig } from "../schema/accepted-findings";
import { finding, type Finding } from ".";

/** A warning or a note that may stay. */
export interface AcceptedFinding {
  readonly finding: Finding;
  /** As it is written in the environment. */
  readonly reason: string;
}

export interface JudgedFindings {
  /** Those that nobody has accepted, and a warning for each entry that accepts nothing. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly AcceptedFinding[];
}

type Entry = AcceptedFindingsConfig[number];

/** Errors are never accepted. The first entry that means a finding gives the reason. */
export function judgeFindings(all: readonly Finding[], entries: readonly Entry[]): JudgedFindings {
  const accepted: AcceptedFinding[] = [];
  const findings: Finding[] = [];
  for (const each of all) {
    const entry = entries.find((candidate) => means(candidate, each));
    if (entry === undefined) findings.push(each);
    else accepted.push({ finding: each, reason: entry.reason });
  }
  const leftOver = entries.flatMap((entry, index) =>
    all.some((each) => means(entry, each)) ? [] : [nothingFound(entry, index)],
  );
  return { findings: [...findings, ...leftOver], accepted };
}

function means(entry: Entry, { id, severity, path }: Finding): boolean {
  return severity !== "error" && id === entry.finding && isAt(path, entry.path);
}

/** `servers.gateway` is at `servers`, and `servers.gateways` is not at `servers.gateway`. */
function isAt(path: string, start: string | undefined): boolean {
  if (start === undefined || path === start) return true;
  return path.startsWith(start) && /^[.[/ ]/.test(path.slice(start.length));
}

function nothingFound({ finding: id, path }: Entry, index: number): Finding {
  const where = path === undefined ? "anywhere" : `at ${path}`;
  return finding(
    "finding.accepted",
    `acceptedFindings.${String(index)}`,
    `${id} is not found ${where}`,
    "remove the entry, or correct it",
  );
}
