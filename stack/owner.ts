/** What a tenant's stack takes from its owner's: ids of the network, its limited kubeconfig, the way to its servers. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { ownerOutputs } from "../deploy/stack-reference";
import { isOwner } from "../environment/config";
import { OWNER_NETWORK_ID, OWNER_SUBNET_ID } from "../environment/plan/tenant-environment";
import type { EnvironmentPlan } from "../environment/plan/types";
import { referenceKey, type NamedValue } from "../environment/values";
import { CONTRACT_SHAPE, CONTRACT_VERSION, type TenantWay } from "./contract";

export interface OwnerState {
  /** Bound for the infrastructure, by `referenceKey`. */
  readonly values: ReadonlyMap<string, pulumi.Output<unknown>>;
  /** Fails the deployment where the owner made none; so it is asked for only by who has no other. */
  kubeconfig(): pulumi.Output<string>;
  /** Secret: how this stack comes to its own servers. As the kubeconfig, for who needs it. */
  way(): pulumi.Output<TenantWay>;
}

/**
 * The owner's outputs, for a tenant. An `up` always reads them. A preview reads them where there is state, and else
 * goes on with unknown values, so that a pull request needs the owner's file only.
 */
export async function ownerState(
  plan: EnvironmentPlan,
  hasState: (stack: string) => Promise<boolean> = stackHasState,
): Promise<OwnerState | undefined> {
  if (isOwner(plan.config)) return undefined;
  const { owner } = plan.config.cluster;
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${owner}`;
  if (pulumi.runtime.isDryRun() && !(await hasState(stack))) {
    void pulumi.log.info(`${owner} has no state here: what comes from it is unknown in this preview`);
    const unknown = pulumi.output(pulumi.unknown);
    const text = unknown.apply(String);
    return {
      values: networkValues(text, text),
      kubeconfig: () => pulumi.secret(text),
      way: () => unknown as pulumi.Output<TenantWay>,
    };
  }
  const outputs = ownerOutputs({
    owner,
    stack,
    version: CONTRACT_VERSION,
    shape: CONTRACT_SHAPE,
    upCommand: `pulumi up -s ${owner}`,
  });
  const madeFor = <Value>(all: pulumi.Output<Record<string, Value>>, what: string) =>
    pulumi.secret(all.apply((made) => ownIn(made, { tenant: plan.environment, owner, what })));
  return {
    values: networkValues(outputs.networkId, outputs.subnetId),
    kubeconfig: () => madeFor(outputs.tenantKubeconfigs, "kubeconfig"),
    way: () => madeFor(outputs.tenantWays, "way to its servers"),
  };
}

function networkValues(
  networkId: pulumi.Output<string>,
  subnetId: pulumi.Output<string>,
): OwnerState["values"] {
  return new Map([bound(OWNER_NETWORK_ID, networkId), bound(OWNER_SUBNET_ID, subnetId)]);
}

function bound(name: NamedValue, value: pulumi.Output<string>): readonly [string, pulumi.Output<string>] {
  if (name.source.kind === "text") throw new Error("only a single name can be bound");
  return [referenceKey(name.source), value];
}

interface Made {
  readonly tenant: string;
  readonly owner: string;
  readonly what: string;
}

function ownIn<Value>(made: Readonly<Record<string, Value>>, { tenant, owner, what }: Made): Value {
  const own = made[tenant];
  if (own !== undefined) return own;
  throw new Error(
    `${owner} made no ${what} for ${tenant}; run: pulumi up -s ${owner} (or give a kubeconfig: pulumi config set --secret labstead:kubeconfig)`,
  );
}

interface ListedStack {
  readonly name: string;
  readonly lastUpdate?: string;
  readonly resourceCount?: number;
}

/** Asks the executable that runs this program; an engine that cannot say has none, and so has a destroyed stack. */
async function stackHasState(stack: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", [
      "stack",
      "ls",
      "--json",
      "--all",
      "--non-interactive",
    ]);
    const short = stack.split("/").at(-1);
    const listed = JSON.parse(stdout) as readonly ListedStack[];
    return listed.some(
      ({ name, lastUpdate, resourceCount = 1 }) =>
        (name === stack || name === short) && lastUpdate !== undefined && resourceCount > 0,
    );
  } catch {
    return false;
  }
}
