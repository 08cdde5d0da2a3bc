/** How the charts of an environment reach its cluster: one resource for each object, or apply sets. */
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ValueBindings } from "../deploy/bindings";
import { kubernetesProvider } from "../deploy/kubernetes-provider";
import type { DeployPlan, PlannedObject } from "../deploy/plan";
import { registerPlan, type DeployMode } from "../deploy/register";
import {
  deploymentOf,
  deploymentPath,
  type Deployment,
  type DeploymentPlan,
} from "../environment/plan/deployment";
import type { EnvironmentPlan } from "../environment/plan/types";
import { TENANT_NAMESPACE_ROLE } from "../environment/tenancy";
import type { Lab } from "../lab";
import { ChangeGuard, ClusterReady, type GuardedFact } from "../provider/sdk";
import { judgement } from "./changes";
import { DEPLOY, deploymentFact } from "./deployment-fact";
import { objectDeployment } from "./object-deployment";
import type { ClusterLink } from "./guard";
import { under, type Placed } from "./parent";

/** Name of the record of finished deployments, before the key of a part; URNs depend on it. */
const RECORD = "deployment";

/** Charts, and what they need. */
export interface ChartDeployment {
  readonly link: ClusterLink;
  readonly bindings: ValueBindings;
  readonly placed: Placed;
  /** Resources that the cluster depends on. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Whether the environment may be deployed as configured. Sets are refused unless an `up` with `handover` came to its
 * end: an object that it did not reach would be deleted. Called before anything of the lab is registered.
 * @param isNew whether no earlier run recorded anything
 */
export async function guardDeployment(
  { deployment }: EnvironmentPlan,
  isNew: boolean,
  provider: ClusterLink["provider"],
  placed: Placed,
): Promise<void> {
  const assumed = isNew ? {} : { assumed: "objects" };
  const guards = partsWith("applySet", deployment).map((part) =>
    record(deployment, part, assumed, { provider, ...under(placed) }),
  );
  await Promise.all(guards.map((guard) => judgement(guard, provider)));
}

/** The environment, as undefined, and the parts that differ from it. */
function partsWith(
  wanted: Deployment,
  { default: ofEnvironment, parts }: DeploymentPlan,
): readonly (string | undefined)[] {
  return ofEnvironment === wanted ? [undefined] : Object.keys(parts).filter((part) => parts[part] === wanted);
}

/** @param part undefined for the environment */
function record(
  plan: DeploymentPlan,
  part: string | undefined,
  assumed: Pick<GuardedFact, "assumed">,
  options: pulumi.CustomResourceOptions,
): ChangeGuard {
  const fact = { ...deploymentFact(deploymentOf(plan, part), deploymentPath(plan, part)), ...assumed };
  const name = part === undefined ? RECORD : `${RECORD}/${part}`;
  return new ChangeGuard(name, { guarded: { [DEPLOY]: { facts: { value: fact } } }, allow: [] }, options);
}

/** Waits for the cluster, then registers its objects. */
export function deployCharts(
  lab: Pick<Lab, "plan" | "deploy" | "partOfChart">,
  { link, bindings, placed, after }: ChartDeployment,
): void {
  const { plan, deploy } = lab;
  const { provider: labstead, ...reached } = link;
  const at = under(placed);
  const gate = new ClusterReady(plan.cluster.name, reached, {
    ...at,
    provider: labstead,
    dependsOn: [...after],
  });
  const settings = { kubeconfig: link.kubeconfig, clusterIdentifier: plan.cluster.owner };
  const provider = kubernetesProvider("kubernetes", settings, { ...at, dependsOn: [gate] });
  const { objects } = registerPlan(deploy, {
    ...at,
    provider,
    bindings,
    gate: [gate],
    deploy: modeOf(lab, link, at),
  });
  // After all objects: its record says that all of them were handed over.
  const afterAll = { ...at, provider: labstead, dependsOn: [...objects.values()] };
  for (const part of partsWith("handover", plan.deployment)) record(plan.deployment, part, {}, afterAll);
}

function modeOf(
  lab: Pick<Lab, "plan" | "deploy" | "partOfChart">,
  { provider, kubeconfig, how }: ClusterLink,
  at: pulumi.ComponentResourceOptions,
): DeployMode {
  const { plan, deploy } = lab;
  const deployment = objectDeployment(lab);
  const handsOver = (object: PlannedObject): boolean => deployment(object) === "handover";
  if (!deploy.objects.some((each) => deployment(each) === "applySet")) return { kind: "objects", handsOver };
  const stays = staysApart(plan, deploy);
  return {
    kind: "applySet",
    name: plan.environment,
    provider,
    settings: { kubeconfig, how, salt: salt(at), readiness: "ready" },
    division: { kind: "namespaces" },
    apart: (object) => deployment(object) !== "applySet" || stays(object),
    handsOver,
  };
}

/** Of the digests in the state. A new one would apply every object once more, without a change. */
function salt(at: pulumi.ComponentResourceOptions): pulumi.Output<string> {
  return new random.RandomPassword("apply-sets", { length: 32, special: false }, at).result;
}

/**
 * What exists before the sets: Namespaces, since a set has its record in one, and the rights by which a tenant writes
 * into its own. A tenant may have objects in a namespace of its owner's, but no record.
 */
function staysApart(
  { tenancy }: EnvironmentPlan,
  { objects }: DeployPlan,
): (object: PlannedObject) => boolean {
  const own = new Set(
    objects.flatMap(({ manifest }) => (isNamespace(manifest) ? [manifest.metadata.name] : [])),
  );
  return ({ manifest }) => {
    const { kind, metadata } = manifest;
    if (isNamespace(manifest)) return true;
    if (tenancy.kind !== "guarded") return false;
    if (metadata.namespace === undefined || !own.has(metadata.namespace)) return true;
    return kind === "RoleBinding" && metadata.name === TENANT_NAMESPACE_ROLE;
  };
}

function isNamespace({ apiVersion, kind }: PlannedObject["manifest"]): boolean {
  return apiVersion === "v1" && kind === "Namespace";
}
