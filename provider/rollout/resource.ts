/** Rollout, for programs. */
import * as pulumi from "@pulumi/pulumi";

import { ROLLOUT } from "./token";

/** Servers that are replaced in turns. */
export interface RolloutArgs {
  /** By server, the facts whose change replaces or restarts it; a person increments `generation`. All known. */
  readonly servers: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** Pools in the order of their turns, each with its lanes of servers: only for messages, never a change. */
  readonly pools: readonly (readonly (readonly string[])[])[];
}

/**
 * Records which servers existed before they changed. It exists in the state only; its outputs are known in previews
 * too. One for an environment: each {@link ServerReady} is deleted with it.
 * @example
 * const rollout = new Rollout("rollout", { servers: { "w/0": { generation: 2 } }, pools: [[["w/0"]]] }, { provider });
 */
export class Rollout extends pulumi.CustomResource {
  /** Servers that have to wait for their turn, by key. The others are new. */
  declare readonly inTurns: pulumi.Output<readonly string[] | undefined>;

  constructor(name: string, args: RolloutArgs, options: pulumi.CustomResourceOptions = {}) {
    super(ROLLOUT, name, { ...args, inTurns: undefined }, options);
  }
}
