/**
 * Findings: errors, warnings and notes about an environment before anything is changed.
 * Errors stop `up`; warnings and notes are for the reader. Every layer adds its own rows to the registry.
 */
import { Problem } from "../../errors/problem";
import { printable } from "../printable";
import { ACCESS } from "./access";
import { CLOUD } from "./cloud";
import { CLUSTER } from "./cluster";
import { CONFIGURATION } from "./configuration";
import { HUBS } from "./hubs";
import { NETWORK } from "./network";
import { OBJECTS } from "./objects";
import { PORTS } from "./ports";
import { PROJECTS } from "./projects";
import type { FindingRow, FindingTopic, Severity } from "./row";
import { SERVERS } from "./servers";
import { STORAGE } from "./storage";
import { TENANTS } from "./tenants";
import { USER_PODS } from "./user-pods";

export type { FindingRow, FindingTopic, Severity } from "./row";

/** One error, warning or note about an environment. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** Where in `labstead:environment`, for example `servers.workers.general.range`. */
  readonly path: string;
  /** The given value and why it is wrong (or noteworthy). */
  readonly explanation: string;
  /** What to do. */
  readonly fix: string;
}

/** All findings by subject, in the order of the documentation. */
export const FINDING_TOPICS: readonly FindingTopic[] = [
  CONFIGURATION,
  NETWORK,
  SERVERS,
  CLUSTER,
  STORAGE,
  PORTS,
  ACCESS,
  TENANTS,
  HUBS,
  USER_PODS,
  PROJECTS,
  OBJECTS,
  CLOUD,
];

/** Every finding, so that one without severity, title and reason does not compile. */
export const FINDINGS = {
  ...CONFIGURATION.rows,
  ...NETWORK.rows,
  ...SERVERS.rows,
  ...CLUSTER.rows,
  ...STORAGE.rows,
  ...PORTS.rows,
  ...ACCESS.rows,
  ...TENANTS.rows,
  ...HUBS.rows,
  ...USER_PODS.rows,
  ...PROJECTS.rows,
  ...OBJECTS.rows,
  ...CLOUD.rows,
} satisfies Readonly<Record<string, FindingRow>>;

/** The id of a finding, as `labstead check --explain` takes it. */
export type FindingId = keyof typeof FINDINGS;

export function finding(id: FindingId, path: string, explanation: string, fix: string): Finding {
  return { id, severity: FINDINGS[id].severity, path, explanation, fix };
}

/** The findings that stop an `up`. */
export function errorsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((each) => each.severity === "error");
}

/** One line for a person: the path, what was given, and the fix. */
export function findingText(each: Finding): string {
  return printable(`${each.path}: ${each.explanation}; ${each.fix}`);
}

/** Stops the program with every error at once. */
export class FindingsError extends Problem {
  /** @param subject what the findings are about. @default the environment */
  constructor(
    readonly environment: string,
    readonly findings: readonly Finding[],
    subject = `environment ${environment}`,
  ) {
    const errors = errorsOf(findings);
    const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
    super(
      [`${subject}: ${count}, nothing was changed`, ...errors.map((e) => `  ${findingText(e)}`)].join("\n"),
    );
    this.name = "FindingsError";
  }
}
