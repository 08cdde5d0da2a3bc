/** Hubs as their charts need them: every default of the configuration resolved. */
import type { Flow } from "../../environment/parts/flows";
import type { PinnedImages } from "../../environment/parts/images";
import type { ApplicationContext } from "../../environment/parts/part";
import type { EnvironmentPlan, IngressControllerPlan, Size } from "../../environment/plan/types";
import { mebibytes, millicores } from "../../environment/schema/quantities";
import type { Tenancy } from "../../environment/tenancy";
import { assertNever } from "../../errors/assert-never";
import type { PolicyNetworks } from "../../kit/flow-policies";
import type { Resources } from "../../kit/resources";
import type { CullConfig, HomesConfig, HubConfig, HubsConfig } from "./configuration";
import { backupsPlan, type BackupsPlan } from "./database/plan";
import { drivePlan, type DriveClassPlan, type DrivePlan } from "./drive/plan";
import { hubImages, type HUB_IMAGES } from "./images";
import { imageText } from "../../environment/parts/images";
import type { MetricsConfig } from "./metrics/configuration";
import { schedulingPlan, type SchedulingPlan } from "./scheduling/plan";
import type { ProfileConfig, ServerConfig } from "./server/configuration";
import { sharedDirectoryPlans, type SharedDirectoryPlan } from "./shared-directories/plan";
import type { SignInConfig } from "./sign-in/configuration";

/** A server as KubeSpawner starts it. */
export interface ServerPlan {
  readonly image: string;
  readonly resources: Resources;
  /** Path that opens. */
  readonly defaultUrl: string;
}

/** A choice at the start of a server. */
export interface ProfilePlan extends ServerPlan {
  readonly slug: string;
  readonly title: string;
  readonly description?: string;
  /** Whom it is offered to; undefined for everybody. */
  readonly groups?: readonly string[];
  readonly gpu?: { readonly resource: string; readonly count: number };
}

/** Where people's files are. */
export type HomesPlan =
  | {
      /** A volume for each person. */
      readonly kind: "claim";
      readonly size: Size;
      readonly storageClass: string;
      /** Who may have one at once. */
      readonly people: number;
    }
  | {
      /** One claim for all people. */
      readonly kind: "shared";
      readonly size: Size;
      readonly storageClass: string;
    }
  | DrivePlan;

/** The volume of the hub's SQLite file. */
export type DatabasePlan =
  | { readonly kind: "made"; readonly size: Size; readonly storageClass: string }
  | { readonly kind: "existing"; readonly claim: string };

/** One hub, all of it decided. */
export interface HubPlan {
  readonly name: string;
  readonly environment: string;
  readonly namespace: string;
  /** Whether somebody else has made the namespace, and deletes it. */
  readonly existingNamespace: boolean;
  /** With a slash at both ends. */
  readonly path: string;
  /** Where the ingress serves it; undefined for a hub that is not published. */
  readonly host?: string;
  readonly images: PinnedImages<keyof typeof HUB_IMAGES>;
  readonly signIn: SignInConfig;
  readonly admins: readonly string[];
  readonly homes: HomesPlan;
  readonly sharedDirectories: readonly SharedDirectoryPlan[];
  readonly server: ServerPlan;
  readonly startSeconds: number;
  readonly internet: boolean;
  readonly profiles: readonly ProfilePlan[];
  readonly cull: CullConfig;
  readonly activeServerLimit: number;
  readonly nodePurpose: HubConfig["nodePurpose"];
  readonly database: DatabasePlan;
  /** Scheduled copies of the database; undefined for none. */
  readonly backups?: BackupsPlan;
  /** What makes nodes ready for people, the same for all hubs; undefined for nothing. */
  readonly scheduling?: SchedulingPlan;
  /** Pods that read the metrics; undefined for none. */
  readonly metrics?: MetricsConfig;
  readonly traitlets: HubConfig["traitlets"];
  readonly tenancy: Tenancy;
  /** Network flows of the whole environment. */
  readonly flows: readonly Flow[];
  readonly cluster: PolicyNetworks & {
    readonly podCidr: string;
    readonly preservesPodAddresses: boolean;
    readonly ingress: Pick<IngressControllerPlan, "className">;
  };
}

/**
 * The hubs by name, in the order of the configuration.
 * @param ownClass of drives, where the program makes one
 */
export function hubPlans(
  { config }: ApplicationContext<HubsConfig>,
  environment: EnvironmentPlan,
  ownClass: DriveClassPlan | undefined,
): readonly HubPlan[] {
  const drives = drivePlans(config, environment, ownClass);
  const scheduling =
    config.scheduling === undefined
      ? {}
      : { scheduling: schedulingPlan(config.scheduling, Object.values(config.hubs), environment) };
  return Object.entries(config.hubs).map(([name, hub]) => ({
    name,
    environment: environment.environment,
    namespace: namespaceOf(name, hub),
    existingNamespace: hub.existingNamespace,
    path: pathOf(name, hub),
    ...(hub.published ? { host: hostOf(config, environment.domain) } : {}),
    images: hubImages(hub),
    signIn: hub.signIn,
    admins: hub.admins,
    homes: drives.get(name) ?? homesPlan(hub.homes, environment.cluster),
    sharedDirectories: sharedDirectoryPlans(name, hub, drives, environment.cluster),
    server: serverPlan(hub.server),
    startSeconds: hub.server.startSeconds,
    internet: hub.server.internet,
    profiles: Object.entries(hub.profiles).map(([slug, profile]) => profilePlan(slug, profile, hub.server)),
    cull: hub.cull,
    activeServerLimit: hub.activeServerLimit,
    nodePurpose: hub.nodePurpose,
    database: databasePlan(hub.database, environment.cluster),
    ...(config.backups === undefined
      ? {}
      : { backups: backupsPlan(config.backups, environment.environment, name) }),
    ...scheduling,
    ...(config.metrics === undefined ? {} : { metrics: config.metrics }),
    traitlets: hub.traitlets,
    tenancy: environment.tenancy,
    flows: environment.flows,
    cluster: environment.cluster,
  }));
}

/** By hub; others read their shared directories. */
function drivePlans(
  config: HubsConfig,
  { cluster }: EnvironmentPlan,
  ownClass: DriveClassPlan | undefined,
): ReadonlyMap<string, DrivePlan> {
  return new Map(
    Object.entries(config.hubs).flatMap(([name, hub]) => {
      const { homes, sharedDirectories: directories } = hub;
      if (homes.kind !== "drive") return [];
      const namespace = namespaceOf(name, hub);
      return [[name, drivePlan(homes, { name, namespace, directories, cluster, ownClass })] as const];
    }),
  );
}

export function namespaceOf(name: string, { namespace }: Pick<HubConfig, "namespace">): string {
  return namespace ?? name;
}

export function pathOf(name: string, { path }: Pick<HubConfig, "path">): string {
  return path ?? `/${name}/`;
}

export function hostOf({ host }: Pick<HubsConfig, "host">, domain: string): string {
  return host ?? `hubs.${domain}`;
}

function databasePlan(
  { size, storageClass, existingClaim }: HubConfig["database"],
  { blockClass }: Pick<EnvironmentPlan["cluster"], "blockClass">,
): DatabasePlan {
  if (existingClaim !== undefined) return { kind: "existing", claim: existingClaim };
  return { kind: "made", size, storageClass: storageClass ?? blockClass };
}

/** @throws Error without a shared class, or for a drive: a bug in the program */
function homesPlan(
  homes: HomesConfig,
  { blockClass, sharedClass }: Pick<EnvironmentPlan["cluster"], "blockClass" | "sharedClass">,
): HomesPlan {
  switch (homes.kind) {
    case "claim":
      return {
        ...{ kind: "claim", size: homes.size, people: homes.people },
        storageClass: homes.storageClass ?? blockClass,
      };
    case "shared": {
      const storageClass = homes.storageClass ?? sharedClass;
      if (storageClass === undefined) throw new Error("homes of a hub need a class that the cluster lacks");
      return { kind: "shared", size: homes.size, storageClass };
    }
    case "drive":
      throw new Error("the drive of a hub is planned with its shared directories");
    default:
      return assertNever(homes);
  }
}

function serverPlan(server: ServerConfig): ServerPlan {
  return {
    image: imageText(hubImages({ server }).server),
    resources: resourcesOf(server),
    defaultUrl: server.defaultUrl,
  };
}

/** A profile overrides what it names. */
function profilePlan(slug: string, profile: ProfileConfig, server: ServerConfig): ProfilePlan {
  const { title, description, groups, gpu } = profile;
  return {
    slug,
    title,
    ...(description === undefined ? {} : { description }),
    ...(groups === undefined ? {} : { groups }),
    ...(gpu === undefined ? {} : { gpu }),
    ...serverPlan(serverOf(profile, server)),
  };
}

/** The server of a profile, which overrides what it names. */
export function serverOf(profile: ProfileConfig, server: ServerConfig): ServerConfig {
  const { image = server.image, cpu = server.cpu, memory = server.memory } = profile;
  return { ...server, image, cpu, memory, defaultUrl: profile.defaultUrl ?? server.defaultUrl };
}

export function resourcesOf({ cpu, memory }: Pick<ServerConfig, "cpu" | "memory">): Resources {
  return {
    request: { cpuMillis: millicores(cpu.guarantee), memoryMiB: mebibytes(memory.guarantee) },
    limit: { cpuMillis: millicores(cpu.limit), memoryMiB: mebibytes(memory.limit) },
  };
}
