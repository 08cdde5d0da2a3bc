/** What `labstead drift` reports: for each side its differences, and what could not be looked at. */
import { textTable } from "../table";

/** The services that are asked. */
export type Side = "OpenStack" | "Kubernetes";

export interface Difference {
  /** Path of the field. */
  readonly field: string;
  readonly declared: string;
  readonly found: string;
}

/** One thing that is not as declared. */
export interface DriftLine {
  readonly side: Side;
  readonly change: "changed" | "missing" | "undeclared";
  /** `server`, `Deployment.apps`. */
  readonly kind: string;
  /** Name in the program for what is declared, else in the service. */
  readonly name: string;
  /** OpenStack's id; absent for Kubernetes' objects. */
  readonly id?: string;
  /** Only of what is changed. */
  readonly differences: readonly Difference[];
  /** What to do: commands, and the choice between them. */
  readonly way: string;
}

export interface DriftReport {
  readonly stack: string;
  readonly lines: readonly DriftLine[];
  /** Declared things that were compared, by side. */
  readonly compared: Readonly<Partial<Record<Side, number>>>;
  /** What was not looked at, and why. */
  readonly unseen: readonly { readonly what: string; readonly why: string }[];
  /** Things that nobody declared here, and that are known as somebody's. */
  readonly known: readonly { readonly side: Side; readonly whose: string; readonly count: number }[];
}

/** For cron: something differs, and something could not be looked at. */
export const DRIFT_CODE = 2;
export const UNSEEN_CODE = 3;

/** 0 everything is as declared; else one of the codes above: what was found counts more than what was not seen. */
export function exitCodeOf({ lines, unseen }: DriftReport): number {
  if (lines.length > 0) return DRIFT_CODE;
  return unseen.length > 0 ? UNSEEN_CODE : 0;
}

/** The report for people. */
export function driftText(report: DriftReport): string {
  const { lines, unseen } = report;
  const parts = [verdict(report)];
  if (lines.length > 0)
    parts.push(
      textTable(
        "Not as declared",
        ["change", "kind", "name", "field", "declared", "found"],
        lines.flatMap(rowsOf),
      ),
      waysText(lines),
    );
  if (unseen.length > 0)
    parts.push(
      textTable(
        "Not looked at",
        ["what", "why"],
        unseen.map(({ what, why }) => [what, why]),
      ),
    );
  return parts.map((part) => part.trimEnd()).join("\n\n");
}

function verdict({ stack, lines, compared, unseen, known }: DriftReport): string {
  const count = (change: DriftLine["change"]): number =>
    lines.filter((line) => line.change === change).length;
  const looked = Object.entries(compared).map(([side, things]) => `${String(things)} of ${side}`);
  const result =
    lines.length === 0
      ? "as declared"
      : (["changed", "missing", "undeclared"] as const)
          .map((change) => `${String(count(change))} ${change}`)
          .join(", ");
  const first = `${stack}: ${result}${unseen.length === 0 ? "" : ", and not everything was looked at"}`;
  const others = known.map(({ whose, count: things }) => `${String(things)} of ${whose}`);
  return [
    first,
    `  compared: ${looked.length === 0 ? "nothing" : looked.join(", ")}`,
    ...(others.length === 0 ? [] : [`  known as somebody else's: ${others.join(", ")}`]),
  ].join("\n");
}

function rowsOf({ change, kind, name, id, differences }: DriftLine): readonly (readonly string[])[] {
  const title = id === undefined || change !== "undeclared" ? name : `${name} (${id})`;
  if (differences.length === 0) return [[change, kind, title.trim(), "", "", ""]];
  return differences.map(({ field, declared, found }, index) => [
    ...(index === 0 ? [change, kind, title] : ["", "", ""]),
    field,
    declared,
    found,
  ]);
}

/** The same way for many things is written once. */
function waysText(lines: readonly DriftLine[]): string {
  return ["What to do", ...[...new Set(lines.map(({ way }) => way))].map((way) => `  ${way}`)].join("\n");
}
