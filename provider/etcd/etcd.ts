/** Requests to etcd's members: the part that differs between real machines and tests. */
import type { SshTarget } from "../machine-files/ssh";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";

/** A control plane that is queried. */
export interface EtcdTarget {
  /** Key of the server, as errors name it. */
  readonly server: string;
  readonly ssh: SshTarget;
  /** Aborted when the engine cancels, or when the request takes too long. */
  readonly signal: AbortSignal;
}

export interface Member {
  /** Decimal, as etcd's JSON gateway writes it. */
  readonly id: string;
  /** Name of the node; empty for a member that has never started. */
  readonly name: string;
  /** `https://192.168.3.7:2380` */
  readonly peer: string;
  /** It has no vote yet. */
  readonly learner: boolean;
  /** It reads through the majority. */
  readonly healthy: boolean;
}

export type MembersObservation =
  | {
      readonly kind: "members";
      readonly members: readonly Member[];
      /** Whether the queried machine has its etcd data on a separate volume. */
      readonly mounted: boolean;
    }
  | ProbeFailure;

export type Removed = { readonly kind: "done" } | ProbeFailure;

/** Each does one thing once, and never throws because of a machine's answer, or a missing one. */
export interface Etcd {
  /** All members known to the majority: without a majority, there is no answer. */
  look(target: EtcdTarget): Promise<MembersObservation>;
  /** A missing member is a success; etcd refuses a removal that would lose its majority. */
  remove(target: EtcdTarget, member: Member): Promise<Removed>;
}
