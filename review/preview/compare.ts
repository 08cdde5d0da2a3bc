/** What base and head have in common, and what not: findings and needed amounts. */
import type { Finding } from "../../environment/findings";
import type { QuotaReport } from "../../infra/quota";
import type { JudgedFindings } from "../../environment/findings/accepted";
import { amountOf } from "../cost/money";
import { isComplete, type CostReport } from "../cost/cost";
import { LAYERS } from "../layers";
import type { SeatRow } from "../seats/seats";
import type { CostChange, FindingChanges, QuotaChange, SeatChange, StackPreview } from "./types";

/**
 * Findings are the same by id and path, whatever amounts their texts have; where one path has several, by their texts.
 * @param before of the base
 */
export function findingChanges(before: readonly Finding[], after: readonly Finding[]): FindingChanges {
  const count = (all: readonly Finding[], each: Finding) => all.filter((other) => isSame(other, each)).length;
  const isIn = (all: readonly Finding[], each: Finding) =>
    count(all, each) > 0 &&
    (count(before, each) === count(after, each) || all.some((other) => identity(other) === identity(each)));
  return {
    added: after.filter((each) => !isIn(before, each)),
    kept: after.filter((each) => isIn(before, each)),
    gone: before.filter((each) => !isIn(after, each)),
  };
}

/**
 * Changes of findings, and those that the head accepts and the base does not. What the head accepts is no finding of it; where
 * the base had it, it is not gone.
 */
export function judgedChanges(
  before: JudgedFindings,
  after: JudgedFindings,
): Pick<StackPreview, "findings" | "accepted"> {
  const { gone, ...changes } = findingChanges(before.findings, after.findings);
  const accepted = after.accepted.filter(
    ({ finding }) => !before.accepted.some((each) => isSame(each.finding, finding)),
  );
  const isGone = (each: Finding): boolean => !accepted.some(({ finding }) => isSame(finding, each));
  return { findings: { ...changes, gone: gone.filter(isGone) }, accepted };
}

function isSame(one: Finding, other: Finding): boolean {
  return one.id === other.id && one.path === other.path;
}

function identity({ id, path, explanation }: Finding): string {
  return [id, path, explanation].join("\n");
}

/** Amounts or limits that differ. @param before undefined for a new environment: then all that are needed */
export function quotaChanges(before: QuotaReport | undefined, after: QuotaReport): readonly QuotaChange[] {
  return after.rows.flatMap(({ name, needed, limit }) => {
    const was = before?.rows.find((row) => row.name === name);
    if (was === undefined ? needed === 0 : was.needed === needed && was.limit === limit) return [];
    return [
      {
        name,
        ...(was === undefined ? {} : { before: was.needed }),
        after: needed,
        ...(limit === undefined ? {} : { limit }),
      },
    ];
  });
}

/** Sums of the cost that differ. @param before undefined for a new environment */
export function costChanges(before: CostReport | undefined, after: CostReport): readonly CostChange[] {
  const { unit } = after;
  if (unit === undefined) return [];
  const was = before?.unit === unit ? before : undefined;
  return [...LAYERS, "together" as const].flatMap((name) => {
    const [from, to] = [was && monthOf(was, name), monthOf(after, name)];
    const incomplete = !isComplete(after, name === "together" ? undefined : name);
    if (from === to || (from === undefined && to === 0 && !incomplete)) return [];
    return [{ name, unit, ...(from === undefined ? {} : { before: from }), after: to, incomplete }];
  });
}

/** Choices with another number of seats, or another limit of it. */
export function seatChanges(before: readonly SeatRow[], after: readonly SeatRow[]): readonly SeatChange[] {
  const sameIn = (rows: readonly SeatRow[], { name, path }: SeatRow) =>
    rows.find((row) => row.name === name && row.path === path);
  const changed = after.flatMap((row) => {
    const was = sameIn(before, row);
    if (was?.seats === row.seats && was.first === row.first) return [];
    return [{ name: row.name, ...(was && { before: was.seats }), after: row.seats, first: row.first }];
  });
  const gone = before
    .filter((row) => sameIn(after, row) === undefined)
    .map(({ name, seats }) => ({ name, before: seats, first: "" }));
  return [...changed, ...gone];
}

function monthOf({ layers, month }: CostReport, name: CostChange["name"]): number {
  return amountOf(name === "together" ? month : layers[name]);
}
