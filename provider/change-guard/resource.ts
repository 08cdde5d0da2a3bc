/** ChangeGuard, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { LabsteadProvider } from "../labstead-provider";
import type { Allowance, GuardedHolder, GuardedQuorum, GuardedResource } from "./inputs";
import { CHANGE_GUARD, CHANGES_JUDGED } from "./token";

/** What is watched, and which changes are allowed. */
export interface ChangeGuardArgs {
  /** What is watched, by the key of each resource. All of it is known in a preview, and nothing of it is secret. */
  readonly guarded: Readonly<Record<string, GuardedResource>>;
  /** Changes that a person has allowed. */
  readonly allow: readonly Allowance[];
  /** Servers that hold data together. @default none */
  readonly quorums?: readonly GuardedQuorum[];
  /** Pools whose servers hold what goes with them. @default none */
  readonly holders?: readonly GuardedHolder[];
}

/**
 * The guard before changes that disturb what runs. It keeps in state what servers, volumes and addresses were made
 * with, and stops a preview and an `up` whose configuration would restart, replace or interrupt one of them, unless it
 * is rolled by its generation or the change is allowed. Register it before everything else, and wait for it.
 * @example
 * new ChangeGuard("changes", { guarded: { "server/bastion/0": { facts: { flavor } } }, allow: [] }, { provider });
 */
export class ChangeGuard extends pulumi.CustomResource {
  constructor(name: string, args: ChangeGuardArgs, options: pulumi.CustomResourceOptions = {}) {
    super(CHANGE_GUARD, name, { ...args }, options);
  }
}

/**
 * Whether the guard has judged this run. A run with `--target` that does not name it leaves it out, and nothing would be
 * refused. To be called when the guard is registered.
 */
export async function changesJudged(guard: ChangeGuard, provider: LabsteadProvider): Promise<boolean> {
  await new Promise((resolve) => guard.urn.apply(resolve));
  const found: unknown = await pulumi.runtime.invoke(CHANGES_JUDGED, {}, { provider });
  return typeof found === "object" && found !== null && "judged" in found && found.judged === true;
}
