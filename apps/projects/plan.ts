/** Projects as their charts need them: every default of the configuration resolved. */
import type { ApplicationContext } from "../../environment/parts/part";
import type { PodSecurityLevel } from "../../environment/parts/claims";
import { namespaceLimitsOf } from "../../environment/plan/namespaces";
import type {
  EnvironmentPlan,
  IngressControllerPlan,
  NamespaceLimitsPlan,
  Size,
} from "../../environment/plan/types";
import { OIDC_PREFIX } from "../../environment/people";
import type { Tenancy } from "../../environment/tenancy";
import { assertNever } from "../../errors/assert-never";
import { securityLevel } from "../../kit/security";
import type { StaticSource } from "../volumes/static-volume";
import type { AssetConfig, ProjectConfig, ProjectsConfig, StorageConfig } from "./configuration";
import { assetClaim, claimName, computeNamespace, stackHost, stackPath } from "./names";
import { planService, type ServicePlan } from "./services/plan";
import type { StackConfig } from "./stacks/configuration";
import { isCluster } from "./stacks/kinds";
import { planStack, type StackPlace, type StackPlan } from "./stacks/plan";
import { STACKS } from "./stacks/table";

/** A claim of a project, by the name of its storage. */
export interface StoragePlan {
  readonly name: string;
  readonly claim: string;
  readonly size: Size;
  readonly access: StorageConfig["access"];
  readonly storageClass: string;
}

/** Data that all stacks read. */
export interface AssetPlan {
  readonly name: string;
  readonly claim: string;
  /** Absent for a claim that somebody else has made. */
  readonly volume?: { readonly name: string; readonly size: Size; readonly source: StaticSource };
}

/** A group of the identity provider as the API server names it, and its role. */
export interface GroupPlan {
  readonly group: string;
  readonly principal: string;
  readonly role: string;
}

/** One namespace of a project. */
export interface ProjectNamespacePlan {
  readonly name: string;
  readonly level: PodSecurityLevel;
  readonly limits: NamespaceLimitsPlan;
}

/** One project, decided. */
export interface ProjectPlan {
  readonly environment: string;
  readonly project: string;
  readonly namespace: ProjectNamespacePlan;
  readonly compute: ProjectNamespacePlan;
  readonly groups: readonly GroupPlan[];
  readonly internet: boolean;
  readonly storage: readonly StoragePlan[];
  readonly assets: readonly AssetPlan[];
  readonly stacks: readonly StackPlan[];
  /** What people bring themselves. */
  readonly services: readonly ServicePlan[];
  readonly tenancy: Tenancy;
  readonly cluster: Pick<EnvironmentPlan["cluster"], "version" | "podCidr" | "serviceCidr" | "nodeCidr"> & {
    readonly ingress: Pick<IngressControllerPlan, "className" | "namespace" | "pods">;
  };
}

/** Programs start pods there by templates of their own, which set no security context. */
export const COMPUTE_LEVEL = "baseline" as const;

export function hostOf({ host }: Pick<ProjectsConfig, "host">, domain: string): string {
  return host ?? `projects.${domain}`;
}

/** The projects by key, in the order of the configuration. */
export function projectPlans(
  { config }: ApplicationContext<ProjectsConfig>,
  environment: EnvironmentPlan,
): readonly ProjectPlan[] {
  return Object.entries(config.projects).map(([key, project]) =>
    projectPlan(key, project, config, environment),
  );
}

function projectPlan(
  key: string,
  project: ProjectConfig,
  config: ProjectsConfig,
  plan: EnvironmentPlan,
): ProjectPlan {
  const host = hostOf(config, plan.domain);
  const placeOf = (name: string): StackPlace => ({
    name,
    project: key,
    groups: Object.keys(project.groups),
    auth: config.auth,
    ownHost: stackHost(key, name, plan.domain),
    commonHost: host,
    path: stackPath(key, name),
  });
  const compute = computeNamespace(key);
  return {
    environment: plan.environment,
    project: key,
    namespace: {
      name: key,
      level: levelOf(Object.values(project.stacks)),
      limits: namespaceLimitsOf(plan.namespaces, key),
    },
    compute: { name: compute, level: COMPUTE_LEVEL, limits: namespaceLimitsOf(plan.namespaces, compute) },
    groups: Object.entries(project.groups).map(([group, role]) => ({
      group,
      principal: plan.cluster.kind === "existing" ? group : `${OIDC_PREFIX}${group}`,
      role,
    })),
    internet: project.internet,
    storage: Object.entries(project.storage).map(([name, each]) => storagePlan(name, each, plan.cluster)),
    assets: Object.entries(project.assets).map(([name, asset]) =>
      assetPlan(name, asset, key, plan.environment),
    ),
    stacks: Object.entries(project.stacks).map(([name, stack]) => planStack(stack, placeOf(name))),
    services: Object.entries(project.services).map(([name, each]) => planService(each, placeOf(name))),
    tenancy: plan.tenancy,
    cluster: plan.cluster,
  };
}

/** The level that admits all stacks: those whose image needs root lower it. */
export function levelOf(stacks: readonly Pick<StackConfig, "kind">[]): PodSecurityLevel {
  return securityLevel(
    stacks.flatMap(({ kind }) => {
      const security = isCluster(kind) ? undefined : STACKS[kind].security;
      return security === undefined ? [] : [security];
    }),
  );
}

/** @throws Error without a class: a bug in the program, since the checks require one */
function storagePlan(
  name: string,
  { size, access, storageClass }: StorageConfig,
  { blockClass, sharedClass }: Pick<EnvironmentPlan["cluster"], "blockClass" | "sharedClass">,
): StoragePlan {
  const chosen = storageClass ?? (access === "ReadWriteOnce" ? blockClass : sharedClass);
  if (chosen === undefined) throw new Error(`the storage ${name} needs a class that the cluster lacks`);
  return { name, claim: claimName(name), size, access, storageClass: chosen };
}

function assetPlan(name: string, asset: AssetConfig, project: string, environment: string): AssetPlan {
  switch (asset.kind) {
    case "claim":
      return { name, claim: asset.name };
    case "nfs":
    case "csi": {
      const { size, ...source } = asset;
      const volume = { name: `${environment}-${project}-${assetClaim(name)}`, size, source };
      return { name, claim: assetClaim(name), volume };
    }
    default:
      return assertNever(asset);
  }
}
