/** Requests to etcd's members: what differs between real machines and a test's. */
import type { SshTarget } from "../machine-files/ssh";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";

/** A control plane that is asked. */
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
  /** The node's; empty for a member that has never started. */
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
      /** Whether the asked machine has its etcd data on a volume of their own. */
      readonly mounted: boolean;
    }
  | ProbeFailure;

export type Removed = { readonly kind: "done" } | ProbeFailure;

/** Each does one thing once, and never throws for what a machine does or does not answer. */
export interface Etcd {
  /** All members as the majority knows them: without a majority, there is no answer. */
  look(target: EtcdTarget): Promise<MembersObservation>;
  /** One that is gone is a success; etcd refuses what would take its majority away. */
  remove(target: EtcdTarget, member: Member): Promise<Removed>;
}
