/**
 * Findings: what the program has to say about an environment before anything is touched.
 * Errors stop `up`; warnings and notes are for the reader. Every layer adds its own ids to the registry.
 */
import { Problem } from "../errors/problem";

export type Severity = "error" | "warning" | "info";

export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** Where in `labstead:environment`, for example `servers.workers.general.range`. */
  readonly path: string;
  /** What was given and why it cannot stay (or what to know). */
  readonly explanation: string;
  /** What to do. */
  readonly fix: string;
}

/** Every finding there is, with its severity, so that one that nobody knows does not compile. */
export const FINDINGS = {
  "config.invalid": "error",
  "network.too-small": "error",
  "network.overlap": "error",
  "network.gateway-outside": "error",
  "network.services": "error",
  "network.shared": "error",
  "range.outside": "error",
  "range.overlap": "error",
  "range.exhausted": "error",
  "range.unaligned": "error",
  "range.missing": "error",
  "server.slot-unknown": "error",
  "server.slot-clash": "error",
  "server.name-clash": "error",
  "server.formerly-clash": "error",
  "server.max-below-min": "error",
  "server.name-long": "error",
  "server.mount-clash": "error",
  "server.user-data": "error",
  "server.zone": "error",
  "server.application": "error",
  "volume.name-clash": "error",
  "volume.swap": "error",
  "container.name-clash": "error",
  "server.missing": "error",
  "control-plane.even": "error",
  "control-plane.none": "error",
  "control-plane.single": "warning",
  "api.direct-many": "error",
  "workers.none": "error",
  "access.peer": "error",
  "access.endpoint": "error",
  "access.operator": "error",
  "access.person": "error",
  "access.world": "warning",
  "access.bastion-address": "warning",
  "access.api-address": "warning",
  "access.first-push": "info",
  "port.clash": "error",
  "port.reserved": "error",
  "port.window": "error",
  "port.udp": "error",
  "port.edge": "error",
  "port.proxy": "error",
  "storage.class": "error",
  "storage.gluster": "error",
  "storage.gluster-spare": "warning",
  "storage.heketi": "error",
  "storage.nfs": "error",
  "cluster.version": "error",
  "cluster.nodes": "error",
  "software.containerd": "error",
  "software.containerd-old": "warning",
  "cni.policy": "error",
  "tenant.unlisted": "error",
  "tenant.owner": "error",
  "tenant.mismatch": "error",
  "tenant.slot": "error",
  "namespace.reserved": "error",
  "across.host": "error",
  "across.address": "error",
  "across.network": "warning",
  "across.file": "info",
  "lifecycle.ended": "warning",
  "lifecycle.ending": "info",
  "credential.admin": "error",
  "credential.unrestricted": "warning",
  "credential.expired": "error",
  "credential.expires": "warning",
  "quota.exceeded": "error",
  "quota.unknown-flavor": "info",
} as const satisfies Record<string, Severity>;

export type FindingId = keyof typeof FINDINGS;

export function finding(id: FindingId, path: string, explanation: string, fix: string): Finding {
  return { id, severity: FINDINGS[id], path, explanation, fix };
}

export function errorsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((each) => each.severity === "error");
}

/** One line for a person: the path, what was given, and the fix. */
export function findingText(each: Finding): string {
  return `${each.path}: ${each.explanation}; ${each.fix}`;
}

/** Stops the program with every error at once. */
export class FindingsError extends Problem {
  constructor(
    environment: string,
    readonly findings: readonly Finding[],
  ) {
    const errors = errorsOf(findings);
    const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
    super(
      [
        `environment ${environment}: ${count}, nothing was changed`,
        ...errors.map((e) => `  ${findingText(e)}`),
      ].join("\n"),
    );
    this.name = "FindingsError";
  }
}
