/** What a change of the repository would do to its environments: the report of a preview, as data. */
import type { Finding } from "../../environment/findings";
import type { AcceptedFinding } from "../../environment/findings/accepted";
import type { Layer } from "../layers";

/** What becomes of a resource, the worst first. */
export const STEP_KINDS = ["delete", "replace", "update", "read", "create"] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** One resource that would change. */
export interface PreviewStep {
  readonly kind: StepKind;
  readonly layer: Layer;
  /** `server/workers.general/0`, `Deployment datalab/api`. */
  readonly name: string;
  /** The Pulumi type. */
  readonly type: string;
  /** Properties with short values, or why it is deleted; empty for a new one. */
  readonly reason: string;
}

/** A change that interrupts what runs without replacing it. */
export interface Disruption {
  /** `restarts server/workers.general/0`. */
  readonly text: string;
  /** Why it may happen, or how it is done. */
  readonly note: string;
}

/** A setting of `labstead:environment`, or another one of the stack file, that differs. */
export interface SettingChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The declared effect on a running environment; empty where none is declared. */
  readonly effect: string;
}

export interface QuotaChange {
  readonly name: string;
  readonly before?: number;
  readonly after: number;
  readonly limit?: number;
}

/** What a layer, or all together, costs a month. */
export interface CostChange {
  readonly name: Layer | "together";
  /** `EUR`, or the unit of an allocation. */
  readonly unit: string;
  /** Absent for a new environment, and where the base has no prices or counts in another unit. */
  readonly before?: number;
  readonly after: number;
  /** Whether something of the head has no price, so that it costs more. */
  readonly incomplete: boolean;
}

/** How many people have room, with one choice of a hub or a pod of their own. */
export interface SeatChange {
  readonly name: string;
  /** Absent for a new choice. */
  readonly before?: number;
  /** Absent for a choice that is gone. */
  readonly after?: number;
  /** What ends first in the head; empty for a choice that is gone. */
  readonly first: string;
}

/** A manifest or a server's file, as a unified diff. */
export interface FileChange {
  /** Files with the same difference: `pushed/prod-edge-0/etc/haproxy/haproxy.cfg`. */
  readonly files: readonly string[];
  readonly diff: string;
}

/** Findings of the head, apart from those that the base has too. */
export interface FindingChanges {
  readonly added: readonly Finding[];
  readonly kept: readonly Finding[];
  readonly gone: readonly Finding[];
}

/** One stack. */
export interface StackPreview {
  readonly stack: string;
  readonly state: "changed" | "new" | "removed";
  /** Why nothing can be previewed: errors of the engine. Errors among the findings stop it too. */
  readonly failures: readonly string[];
  /** Why `up` would stop before it changes anything: messages of the guard, or of the engine about protection. */
  readonly refusals: readonly string[];
  /** Other messages of the guard: who leaves, what waits for a roll. */
  readonly messages: readonly string[];
  readonly steps: readonly PreviewStep[];
  readonly disruptions: readonly Disruption[];
  readonly settings: readonly SettingChange[];
  readonly findings: FindingChanges;
  /** Findings that the head accepts and the base does not, with the reasons. */
  readonly accepted: readonly AcceptedFinding[];
  readonly quota: readonly QuotaChange[];
  /** Sums that differ; none without prices. */
  readonly cost: readonly CostChange[];
  /** Choices whose seats differ. */
  readonly seats: readonly SeatChange[];
  readonly files: readonly FileChange[];
  /** Mermaid text of what differs; undefined if the pictures are the same. */
  readonly diagram?: string;
}

/** The whole report. */
export interface Preview {
  /** The git reference as it was given. */
  readonly against: string;
  /** Commit that both have in common. */
  readonly base: string;
  /** The commit of the head; undefined with uncommitted changes. */
  readonly head?: string;
  /** Remarks about how the report was made. */
  readonly notes: readonly string[];
  /** Findings between the stacks. */
  readonly across: FindingChanges;
  readonly stacks: readonly StackPreview[];
}
