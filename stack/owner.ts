/** Outputs of its owner that a tenant's stack reads: ids of the network, its limited kubeconfig, the connection to its servers. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { OWNER_NETWORK_ID, OWNER_SUBNET_ID } from "../environment/plan/tenant-environment";
import type { EnvironmentPlan } from "../environment/plan/types";
import { referenceKey, type NamedValue } from "../values";
import { CONTRACT_SHAPE, CONTRACT_VERSION, type TenantConnection } from "./contract";
import { ownerOutputs } from "./owner-outputs";

export interface OwnerState {
  /** Bound for the infrastructure, by `referenceKey`. */
  readonly values: ReadonlyMap<string, pulumi.Output<unknown>>;
  /** Access that the owner created for this tenant; absent if the tenant has its own kubeconfig. */
  readonly access?: TenantAccess;
}

/** Secrets. */
interface TenantAccess {
  readonly kubeconfig: pulumi.Output<string>;
  /** How the tenant connects to its own servers. */
  readonly connection: pulumi.Output<TenantConnection>;
}

export interface OwnerOptions {
  /** Whether this stack has its own kubeconfig: then it does not need its owner's, and sets up no servers. */
  readonly hasOwnKubeconfig: boolean;
  /** @default queries the pulumi executable */
  readonly hasState?: (stack: string) => Promise<boolean>;
}

/**
 * The owner's outputs, for a tenant. An `up` always reads them. A preview reads them if there is state, and else
 * continues with unknown values, so that a pull request needs the owner's file only.
 * @throws OwnerOutputsError with all problems
 */
export async function ownerState(
  plan: EnvironmentPlan,
  { hasOwnKubeconfig, hasState = stackHasState }: OwnerOptions,
): Promise<OwnerState | undefined> {
  if (plan.cluster.kind !== "shared") return undefined;
  const { owner } = plan.cluster;
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${owner}`;
  if (pulumi.runtime.isDryRun() && !(await hasState(stack))) {
    void pulumi.log.info(`${owner} has no state here: its outputs are unknown in this preview`);
    const unknown = pulumi.output(pulumi.unknown);
    const text = unknown.apply(String);
    return {
      values: networkValues(text, text),
      access: { kubeconfig: pulumi.secret(text), connection: unknown as pulumi.Output<TenantConnection> },
    };
  }
  const tenant = plan.environment;
  const contract = {
    owner,
    stack,
    version: CONTRACT_VERSION,
    shape: CONTRACT_SHAPE,
    upCommand: `pulumi up -s ${owner}`,
  };
  const outputs = await ownerOutputs(contract, ({ tenantKubeconfigs, tenantWays }) => {
    const made = tenant in tenantKubeconfigs && tenant in tenantWays;
    return made || hasOwnKubeconfig ? [] : [missingAccess(owner, tenant)];
  });
  const values = networkValues(outputs.networkId, outputs.subnetId);
  if (hasOwnKubeconfig) return { values };
  const kubeconfig = outputs.tenantKubeconfigs.apply((made) => ofTenant(made, tenant));
  const connection = outputs.tenantWays.apply((made) => ofTenant(made, tenant));
  return { values, access: { kubeconfig: pulumi.secret(kubeconfig), connection: pulumi.secret(connection) } };
}

function ofTenant<Value>(made: Readonly<Record<string, Value>>, tenant: string): Value {
  const own = made[tenant];
  if (own === undefined)
    throw new Error(
      `internal error: a stack without outputs for ${tenant} passed the check of the owner's outputs`,
    );
  return own;
}

function missingAccess(owner: string, tenant: string): string {
  return [
    `${owner} has created no access to its cluster for ${tenant}`,
    `  if ${tenant} is new among the tenants of ${owner}: pulumi up -s ${owner}`,
    `  if ${owner} was given its kubeconfig (labstead:kubeconfig), it signs none: ${tenant} needs one of its own, created as in docs/real-cloud.md, "A cluster that exists already"; then: pulumi config set --secret labstead:kubeconfig -s ${tenant} < kubeconfig`,
  ].join("\n");
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

interface ListedStack {
  readonly name: string;
  readonly lastUpdate?: string;
  readonly resourceCount?: number;
}

/** Queries the executable that runs this program; false if it fails, and for a destroyed stack. */
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
