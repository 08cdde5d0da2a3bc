/** Users' pods as their chart needs them: every default of the configuration resolved. */
import { kubernetesMinor } from "../../environment/kubernetes-version";
import type { ApplicationContext } from "../../environment/parts/part";
import type {
  EnvironmentPlan,
  IngressControllerPlan,
  NamespaceLimitsPlan,
  Size,
} from "../../environment/plan/types";
import { namespaceLimitsOf } from "../../environment/plan/namespaces";
import { mebibytes, millicores } from "../../environment/schema/quantities";
import type { Tenancy } from "../../environment/tenancy";
import { assertNever } from "../../errors/assert-never";
import type { Resources } from "../../kit/resources";
import type { StaticSource } from "../volumes/static-volume";
import type { ExposureConfig, UserConfig, UserPodsConfig } from "./configuration";
import type { ContainerConfig } from "./container/configuration";
import { signInNameOf } from "./gateway/checks";
import { gatewayPlan, type GatewayPlan } from "./gateway/plan";
import { nameOf, SERVICE_PORT } from "./names";
import type { VolumeConfig } from "./volumes/configuration";

/** A user with a pod. */
export interface PodUserPlan {
  /** As the configuration names the user. */
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Name in the Kubernetes API of who may start and stop the pod; undefined: operators only. */
  readonly kubernetesUser?: string;
  readonly exposure: UserExposurePlan;
}

/** How one user reaches the pod. */
export type UserExposurePlan =
  | { readonly kind: "ingress"; readonly path: string; readonly authUrl: string }
  | {
      readonly kind: "gateway";
      readonly path: string;
      /** How the gateway's sign-in names the user. */
      readonly signInName: string;
    }
  | { readonly kind: "nodePort"; readonly nodePort: number }
  | { readonly kind: "none" };

/** What all pods of an exposure by the ingress share. */
export interface IngressExposurePlan {
  readonly host: string;
  readonly signIn?: string;
  readonly stripPath: boolean;
}

/** A container of every pod. */
export interface UserContainerPlan extends Pick<
  ContainerConfig,
  "args" | "port" | "env" | "runsAs" | "mounts" | "scratch"
> {
  readonly name: string;
  readonly image: { readonly repository: string; readonly tag: string };
  readonly resources: Resources;
}

/** A volume of every pod, by its name there. */
export type UserVolumePlan =
  | { readonly kind: "claim"; readonly claim: string }
  | { readonly kind: "perUser"; readonly size: Size; readonly storageClass: string }
  | {
      readonly kind: "static";
      /** Of the cluster, so it has the namespace in it. */
      readonly volume: string;
      readonly claim: string;
      readonly size: Size;
      readonly source: StaticSource;
    };

/** All pods of one environment, decided. */
export interface UserPodsPlan {
  readonly environment: string;
  readonly namespace: string;
  readonly users: readonly PodUserPlan[];
  readonly containers: readonly UserContainerPlan[];
  /** Port of the pods to which their Services lead. */
  readonly entryPort: number;
  readonly volumes: Readonly<Record<string, UserVolumePlan>>;
  readonly activePodLimit: number;
  /** Labels of the nodes. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Present where the ingress serves them. */
  readonly ingress?: IngressExposurePlan;
  /** Present where users start, open and stop their pods on a page. */
  readonly gateway?: GatewayPlan;
  /** Whether groups that an image gives its users are refused. */
  readonly strictGroups: boolean;
  readonly tenancy: Tenancy;
  readonly limits: NamespaceLimitsPlan;
  readonly cluster: { readonly ingress: Pick<IngressControllerPlan, "className" | "namespace" | "pods"> };
}

export function userPodsPlan(
  { config }: ApplicationContext<UserPodsConfig>,
  environment: EnvironmentPlan,
): UserPodsPlan {
  const { namespace, exposure, volumes, users } = config;
  const principals = new Map(
    environment.people.map(({ name, kubernetes }) => [name, kubernetes.identity.principal]),
  );
  return {
    environment: environment.environment,
    namespace,
    users: Object.entries(users).map(([name, user]) => userPlan(name, user, exposure, principals)),
    containers: Object.entries(config.containers).map(([name, each]) => containerPlan(name, each)),
    entryPort: entryPort(config),
    volumes: Object.fromEntries(
      Object.entries(volumes).map(([name, each]) => [name, volumePlan(name, each, namespace, environment)]),
    ),
    activePodLimit: config.activePodLimit,
    nodes: config.nodes,
    ...servedPlan(config, environment),
    strictGroups: hasStrictGroups(environment.cluster.version),
    tenancy: environment.tenancy,
    limits: namespaceLimitsOf(environment.namespaces, namespace),
    cluster: environment.cluster,
  };
}

/** Since 1.35 the API server's field is always there; nodes of older clusters may refuse pods with it. */
function hasStrictGroups(version: string): boolean {
  return kubernetesMinor(version) >= 35;
}

/** The container to which Services lead: the named one, or the only one with a port. */
export function entryOf({ entry, containers }: UserPodsConfig): string | undefined {
  if (entry !== undefined) return entry;
  const listening = Object.entries(containers).filter(([, { port }]) => port !== undefined);
  return listening.length === 1 ? listening[0]?.[0] : undefined;
}

export function hostOf(host: string | undefined, domain: string): string {
  return host ?? `pods.${domain}`;
}

/** GID of a user: by default a group of the user's own. */
export function gidOf({ uid, gid }: Pick<UserConfig, "uid" | "gid">): number {
  return gid ?? uid;
}

export function pathOf(user: Pick<UserConfig, "uid">): string {
  return `/${nameOf(user)}`;
}

/** Where no container listens, which the checks report, a Service leads to its own port. */
function entryPort(config: UserPodsConfig): number {
  return config.containers[entryOf(config) ?? ""]?.port ?? SERVICE_PORT;
}

function userPlan(
  name: string,
  user: UserConfig,
  exposure: ExposureConfig,
  principals: ReadonlyMap<string, string>,
): PodUserPlan {
  const kubernetesUser = user.kubernetesUser ?? principals.get(name);
  return {
    name,
    uid: user.uid,
    gid: gidOf(user),
    ...(kubernetesUser === undefined ? {} : { kubernetesUser }),
    exposure: userExposure(name, user, exposure),
  };
}

/** @throws Error without a NodePort: a bug in the program, since the checks require one */
function userExposure(name: string, user: UserConfig, exposure: ExposureConfig): UserExposurePlan {
  switch (exposure.kind) {
    case "ingress": {
      const authUrl = exposure.auth.url.replaceAll("{uid}", String(user.uid)).replaceAll("{user}", name);
      return { kind: "ingress", path: pathOf(user), authUrl };
    }
    case "gateway":
      return { kind: "gateway", path: pathOf(user), signInName: signInNameOf(name, user) };
    case "nodePort":
      if (user.nodePort === undefined) throw new Error(`the user ${name} has no NodePort`);
      return { kind: "nodePort", nodePort: user.nodePort };
    case "none":
      return { kind: "none" };
    default:
      return assertNever(exposure);
  }
}

/** What serves the pods together, where something does. */
function servedPlan(
  { exposure, directory }: UserPodsConfig,
  environment: EnvironmentPlan,
): Pick<UserPodsPlan, "ingress" | "gateway"> {
  switch (exposure.kind) {
    case "ingress":
      return { ingress: ingressPlan(exposure, environment.domain) };
    case "gateway": {
      const host = hostOf(exposure.host, environment.domain);
      return { gateway: gatewayPlan(exposure, host, directory, environment) };
    }
    case "nodePort":
    case "none":
      return {};
    default:
      return assertNever(exposure);
  }
}

function ingressPlan(
  { host, auth, stripPath }: Extract<ExposureConfig, { kind: "ingress" }>,
  domain: string,
): IngressExposurePlan {
  const { signIn } = auth;
  return { host: hostOf(host, domain), stripPath, ...(signIn === undefined ? {} : { signIn }) };
}

function containerPlan(name: string, container: ContainerConfig): UserContainerPlan {
  const { image, cpu, memory, ...same } = container;
  return {
    ...same,
    name,
    image: { repository: image.name, tag: image.tag },
    resources: {
      request: { cpuMillis: millicores(cpu.request), memoryMiB: mebibytes(memory.request) },
      limit: { cpuMillis: millicores(cpu.limit), memoryMiB: mebibytes(memory.limit) },
    },
  };
}

function volumePlan(
  name: string,
  volume: VolumeConfig,
  namespace: string,
  { environment, cluster }: EnvironmentPlan,
): UserVolumePlan {
  switch (volume.kind) {
    case "claim":
      return { kind: "claim", claim: volume.name };
    case "perUser":
      return {
        kind: "perUser",
        size: volume.size,
        storageClass: volume.storageClass ?? cluster.blockClass,
      };
    case "nfs":
    case "csi": {
      const { size, ...source } = volume;
      return { kind: "static", volume: `${environment}-${namespace}-${name}`, claim: name, size, source };
    }
    default:
      return assertNever(volume);
  }
}
