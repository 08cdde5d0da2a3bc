/** JupyterHubs as a part of the lab: all that the environment needs to know of them. */
import { isOnExistingCluster, isOwner, isTenant, type EnvironmentConfig } from "../../environment/config";
import { joinClaims, type Claims } from "../../environment/parts/claims";
import { claimedImages, type PinnedImage } from "../../environment/parts/images";
import { application, type ApplicationContext } from "../../environment/parts/part";
import { deviceClaims } from "../../kit/devices";
import type * as Charts from "./chart";
import { checkHubs, type HubSurroundings } from "./checks";
import { hubSchema, type HubConfig, type HubsConfig } from "./configuration";
import { copyFlows } from "./database/endpoints";
import { HUB_EFFECTS } from "./effects";
import { DRIVE_IMAGES } from "./drive/images";
import { DRIVE_CLASS, driveNamespaceOf } from "./drive/names";
import type { DriveClassPlan } from "./drive/plan";
import { hubFlows } from "./flows";
import { homeTaskFlows } from "./home-copies/endpoints";
import { HUB_IMAGES, hubImages } from "./images";
import { metricsFlows } from "./metrics/endpoints";
import { NODE_PURPOSE_LABEL, NODE_PURPOSES } from "./names";
import { hostOf, hubPlans, namespaceOf, pathOf } from "./plan";
import { PAUSE, schedulerImage, SCHEDULING_IMAGES } from "./scheduling/images";
import { schedulingFlows } from "./scheduling/plan";
import { hubSeats } from "./seats";
import { BACKUP_SECRETS, hubSecrets } from "./secrets";

/** One key for all hubs: they share a host, its certificate, and later the nodes that wait for their people. */
export const hub = application({
  key: "hub",
  title: "the hubs",
  schema: hubSchema,
  effects: HUB_EFFECTS,
  images: { ...HUB_IMAGES, ...DRIVE_IMAGES, ...SCHEDULING_IMAGES },
  claims,
  check: (context) => checkHubs(context, surroundingsOf(context.environment)),
  plan: (context, environment) => hubPlans(context, environment, driveClassOf(context.environment)),
  charts: () => (require("./chart") as typeof Charts).hubCharts,
});

function claims(context: ApplicationContext<HubsConfig>): Claims {
  const { config } = context;
  const hubs = Object.entries(config.hubs);
  if (hubs.length === 0) return {};
  return joinClaims([
    backupClaims(context),
    schedulingClaims(context),
    driveClassClaims(context),
    ...hubs.map(([name, each]) => claimsOf(name, each, context)),
  ]);
}

/** One class for the drives of all hubs, claimed by the first. */
function driveClassClaims({ config, environment, at }: ApplicationContext<HubsConfig>): Claims {
  const first = Object.entries(config.hubs).find(
    ([, { homes }]) => homes.kind === "drive" && homes.storageClass === undefined,
  );
  if (first === undefined || driveClassOf(environment) === undefined) return {};
  return { storageClasses: [{ path: at(`hubs.${first[0]}.homes.kind`), name: DRIVE_CLASS }] };
}

function backupClaims({ config, at }: ApplicationContext<HubsConfig>): Claims {
  if (config.backups === undefined) return {};
  return { secrets: Object.values(BACKUP_SECRETS).map((secret) => ({ path: at("backups"), secret })) };
}

function schedulingClaims({ config, environment, at }: ApplicationContext<HubsConfig>): Claims {
  const { scheduling } = config;
  if (scheduling === undefined) return {};
  const { userScheduler, userPlaceholder, continuousImagePuller } = scheduling;
  const scheduler = userScheduler ? clusterScheduler(environment) : undefined;
  const pauses = (userPlaceholder?.replicas ?? 0) > 0 || continuousImagePuller;
  return {
    namespaces: [{ path: at("scheduling.namespace"), name: scheduling.namespace, level: "restricted" }],
    images: claimedImages(
      { ...(scheduler === undefined ? {} : { scheduler }), ...(pauses ? { pause: PAUSE } : {}) },
      at("scheduling"),
    ),
    flows: schedulingFlows(scheduling),
  };
}

function claimsOf(
  name: string,
  each: HubConfig,
  { config, environment, at }: ApplicationContext<HubsConfig>,
): Claims {
  const path = at(`hubs.${name}`);
  const namespace = namespaceOf(name, each);
  const drive = each.homes.kind === "drive";
  const homes = `${path}.homes.kind`;
  return {
    namespaces: [
      { path: `${path}.namespace`, name: namespace, level: "restricted" },
      ...(drive ? [{ path: homes, name: driveNamespaceOf(namespace), level: "privileged" } as const] : []),
    ],
    nfsMounts: drive ? [{ path: homes }] : [],
    hosts: each.published
      ? [{ path: `${path}.path`, host: hostOf(config, environment.domain), paths: [pathOf(name, each)] }]
      : [],
    secrets: [...hubSecrets(name, each, config.metrics !== undefined).values()].map((secret) => ({
      path,
      secret,
    })),
    policies: [{ path, reliance: "hubs keep people's servers apart by them" }],
    flows: [
      ...hubFlows(namespace, each),
      ...(config.metrics === undefined ? [] : metricsFlows(namespace, config.metrics)),
      ...(config.backups === undefined
        ? []
        : [...copyFlows(namespace, config.backups), ...homeTaskFlows(namespace, each.homes, config.backups)]),
    ],
    images: [
      ...claimedImages(hubImages(each), path),
      ...(drive ? claimedImages(DRIVE_IMAGES, homes) : []),
      ...Object.entries(each.profiles).flatMap(([slug, { image }]) =>
        image === undefined
          ? []
          : [{ path: `${path}.profiles.${slug}.image`, image: `${image.name}:${image.tag}` }],
      ),
    ],
    seats: hubSeats(name, each, path),
    devices: Object.entries(each.profiles).flatMap(([slug, { gpu }]) =>
      gpu === undefined ? [] : deviceClaims(`${path}.profiles.${slug}.gpu`, { [gpu.resource]: gpu.count }),
    ),
    nodes:
      each.nodePurpose === "require"
        ? Object.values(NODE_PURPOSES).map((purpose) => ({
            path: `${path}.nodePurpose`,
            labels: { [NODE_PURPOSE_LABEL]: purpose },
          }))
        : [],
  };
}

/** What the checks need of the environment. */
function surroundingsOf(environment: EnvironmentConfig): HubSurroundings {
  return {
    environment: environment.name,
    rulesByLabel: !isTenant(environment),
    hasSharedClass: hasSharedClass(environment),
    hasDriveClass: driveClassOf(environment) !== undefined,
    ...(isTenant(environment) ? {} : { serviceCidr: environment.cluster.serviceCidr }),
    scheduling: isTenant(environment)
      ? { kind: "tenant" }
      : {
          kind: clusterScheduler(environment) === undefined ? "unknown" : "known",
          version: environment.cluster.version,
        },
  };
}

/** The scheduler of the cluster's release; undefined for a tenant, and for a release that the program does not know. */
function clusterScheduler(environment: EnvironmentConfig): PinnedImage | undefined {
  if (isTenant(environment)) return undefined;
  const { cluster } = environment;
  return schedulerImage(cluster.version, cluster.kind === "own" ? cluster.release : undefined);
}

/** Of Cinder's volumes; whose volumes an existing cluster has is not known. */
function driveClassOf(environment: EnvironmentConfig): DriveClassPlan | undefined {
  if (!isOwner(environment)) return undefined;
  const { volumeType, zones } = environment.storage.block;
  return {
    ...(volumeType === undefined ? {} : { volumeType }),
    ...(zones.kind === "fixed" ? { zone: zones.zone } : {}),
  };
}

/** A tenant does not make its owner's class. */
function hasSharedClass(environment: EnvironmentConfig): boolean {
  if (isOwner(environment)) return environment.storage.shared.kind !== "none";
  return isOnExistingCluster(environment) && environment.cluster.storage.shared !== undefined;
}
