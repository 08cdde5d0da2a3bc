/** `labstead check --explain`: explains a finding by its id, or lists all. */
import { distance } from "fastest-levenshtein";
import { FINDING_TOPICS, type FindingRow } from "../../environment/findings";
import { pageLink } from "../../environment/findings/page";
import { wrapped } from "../../environment/findings/wrapped";
import { UserError } from "../shared/failure";

interface Explained extends FindingRow {
  readonly id: string;
  readonly guide: string;
}

/** Prints the text of `explanation`. */
export function runExplain(stacks: readonly string[], id?: string): void {
  console.log(explanation(stacks, id));
}

/**
 * One finding, or a list of all if no id is given.
 * @throws UserError with the nearest ids if the id does not exist, or if stacks are named as well
 */
export function explanation(stacks: readonly string[], id?: string): string {
  if (stacks.length > 0)
    throw new UserError(`--explain takes one id and no stacks; leave out ${stacks.join(" and ")}`);
  const all = FINDING_TOPICS.flatMap(({ guide, rows }) =>
    Object.entries(rows).map(([each, row]): Explained => ({ id: each, guide, ...row })),
  );
  return id === undefined ? listed(all) : explained(all, id);
}

function listed(all: readonly Explained[]): string {
  const width = Math.max(...all.map(({ id }) => id.length));
  return all
    .map(({ id, severity, title }) => `${severity.padEnd(7)} ${id.padEnd(width)} ${title}`)
    .join("\n");
}

function explained(all: readonly Explained[], id: string): string {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new UserError(unknown(all, id));
  return [
    `${id} (${found.severity}): ${found.title}`,
    wrapped(found.why, "  "),
    `  documented in ${pageLink(id)} and docs/${found.guide}`,
  ].join("\n");
}

function unknown(all: readonly Explained[], id: string): string {
  const near = nearest(
    all.map((each) => each.id),
    id,
  );
  const meant = near.length === 0 ? "" : `did you mean ${near.join(", ")}? `;
  return `"${id}" is no finding; ${meant}npx --no-install labstead check --explain lists all`;
}

/** Number of suggestions for an id that does not exist. */
const OFFERED = 3;

/** Ids that contain the text, then those within a typing error of it. */
function nearest(ids: readonly string[], written: string): readonly string[] {
  const word = written.toLowerCase();
  const holding = word === "" ? [] : ids.filter((id) => id.includes(word));
  const slips = ids
    .map((id) => ({ id, cost: distance(word, id) }))
    .filter(({ cost }) => cost <= Math.ceil(word.length / 3))
    .toSorted((a, b) => a.cost - b.cost);
  return [...new Set([...holding, ...slips.map(({ id }) => id)])].slice(0, OFFERED);
}
