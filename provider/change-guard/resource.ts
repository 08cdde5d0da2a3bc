/** ChangeGuard, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { LabsteadProvider } from "../labstead-provider";
import type { Allowance, GuardedHolder, GuardedQuorum, GuardedResource } from "./inputs";
import { CHANGE_GUARD, CHANGES_JUDGED } from "./token";

/** What is watched, and which changes are allowed. */
export interface ChangeGuardArgs {
  /** Watched resources, by key. All values are known in a preview, and none is secret. */
  readonly guarded: Readonly<Record<string, GuardedResource>>;
  /** Changes that a person has allowed. */
  readonly allow: readonly Allowance[];
  /** Servers with a majority quorum. @default none */
  readonly quorums?: readonly GuardedQuorum[];
  /** Pools whose servers have data that is lost with them. @default none */
  readonly holders?: readonly GuardedHolder[];
}

/**
 * The guard against disruptive changes. It records in the state what servers, volumes and addresses were created with,
 * and stops a preview and an `up` whose configuration would restart, replace or interrupt one of them, unless it is
 * rolled by its generation or the change is allowed. Register it before all other resources, and wait for it.
 * @example
 * new ChangeGuard("changes", { guarded: { "server/bastion/0": { facts: { flavor } } }, allow: [] }, { provider });
 */
export class ChangeGuard extends pulumi.CustomResource {
  constructor(name: string, args: ChangeGuardArgs, options: pulumi.CustomResourceOptions = {}) {
    super(CHANGE_GUARD, name, { ...args }, options);
  }
}

/** What a guard reports of a run. */
export interface ChangesJudged {
  /** Whether it has checked this run: a run with `--target` that does not name it skips it, and nothing would be refused. */
  readonly judged: boolean;
  /** Whether an earlier run recorded anything: false for a new guard. */
  readonly hasRecord: boolean;
}

/** Waits until a guard is registered. */
export async function changesJudged(guard: ChangeGuard, provider: LabsteadProvider): Promise<ChangesJudged> {
  const urn = await new Promise<string>((resolve) => guard.urn.apply(resolve));
  const found: unknown = await pulumi.runtime.invoke(CHANGES_JUDGED, { urn }, { provider });
  return { judged: isTrue(found, "judged"), hasRecord: isTrue(found, "hasRecord") };
}

function isTrue(found: unknown, name: keyof ChangesJudged): boolean {
  return typeof found === "object" && found !== null && Reflect.get(found, name) === true;
}
