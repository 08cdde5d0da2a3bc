/** Users' pods as a part of the lab: all that the environment needs to know of them. */
import { isOnExistingCluster, isTenant, type EnvironmentConfig } from "../../environment/config";
import type { Claims } from "../../environment/parts/claims";
import { hasAdmissionPolicies } from "../../environment/tenancy";
import { application, type ApplicationContext } from "../../environment/parts/part";
import { distinctSorted, isNonEmpty } from "../../environment/non-empty";
import type * as Charts from "./chart";
import { checkUserPods, type Offer } from "./checks";
import { userPodsSchema, type UserPodsConfig } from "./configuration";
import { USER_PODS_EFFECTS } from "./effects";
import { hostOf, pathOf, userPodsPlan } from "./plan";
import { userPodSeats } from "./seats";
import { nfsMounts } from "../volumes/claims";

/** Images are the configuration's own: SV's have no fixed tags. */
export const userPods = application({
  key: "userPods",
  title: "the users' pods",
  schema: userPodsSchema,
  effects: USER_PODS_EFFECTS,
  claims,
  check: (context) => checkUserPods(context, offerOf(context.environment)),
  plan: userPodsPlan,
  charts: () => (require("./chart") as typeof Charts).userPodsCharts,
});

function claims({ config, environment, at }: ApplicationContext<UserPodsConfig>): Claims {
  const { namespace, containers, exposure, nodes } = config;
  const images = Object.entries(containers).map(([name, { image }]) => ({
    path: at(`containers.${name}.image`),
    image: `${image.name}:${image.tag}`,
  }));
  return {
    namespaces: [{ path: at("namespace"), name: namespace, level: levelOf(config) }],
    hosts:
      exposure.kind === "ingress" ? servedPaths(config, hostOf(exposure.host, environment.domain), at) : [],
    policies: [{ path: at(), reliance: "users' pods are kept apart by them" }],
    images,
    nfsMounts: nfsMounts(config.volumes, at("volumes")),
    seats: userPodSeats(config, at),
    nodes: Object.keys(nodes).length === 0 ? [] : [{ path: at("nodes"), labels: nodes }],
  };
}

/** Images that start as root need more than "restricted" admits. */
function levelOf({ containers }: UserPodsConfig): "restricted" | "baseline" {
  return Object.values(containers).some(({ runsAs }) => runsAs.kind === "puid") ? "baseline" : "restricted";
}

function servedPaths(
  { users }: UserPodsConfig,
  host: string,
  at: (key: string) => string,
): NonNullable<Claims["hosts"]> {
  const paths = Object.values(users).map(pathOf);
  // One UID twice has an error of its own.
  return isNonEmpty(paths) ? [{ path: at("exposure.host"), host, paths: distinctSorted(paths) }] : [];
}

function offerOf(environment: EnvironmentConfig): Offer {
  const nodePorts = nodePortsOf(environment);
  if (isTenant(environment)) return { enforcement: "ownersOnly", nodePorts };
  const { version } = environment.cluster;
  return { enforcement: hasAdmissionPolicies(version) ? "policies" : "tooOld", version, nodePorts };
}

function nodePortsOf(environment: EnvironmentConfig): readonly number[] {
  if (isOnExistingCluster(environment)) return [];
  const { window } = environment.ports;
  if (window === undefined) return [];
  return Array.from({ length: window.to - window.from + 1 }, (_, index) => window.from + index);
}
