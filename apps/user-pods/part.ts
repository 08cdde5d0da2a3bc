/** Users' pods as a part of the lab: all that the environment needs to know of them. */
import { isOnExistingCluster, isTenant, type EnvironmentConfig } from "../../environment/config";
import { joinClaims, type Claims } from "../../environment/parts/claims";
import { hasAdmissionPolicies } from "../../environment/tenancy";
import { claimedImages } from "../../environment/parts/images";
import { application, type ApplicationContext } from "../../environment/parts/part";
import { assertNever } from "../../errors/assert-never";
import { distinctSorted, isNonEmpty } from "../../environment/non-empty";
import type * as Charts from "./chart";
import { checkUserPods, type Offer } from "./checks";
import { userPodsSchema, type UserPodsConfig } from "./configuration";
import { USER_PODS_EFFECTS } from "./effects";
import { gatewayFlows } from "./gateway/flows";
import { GATEWAY_IMAGES, gatewayImages } from "./gateway/images";
import { gatewaySecrets } from "./gateway/secrets";
import { hostOf, pathOf, userPodsPlan } from "./plan";
import { userPodSeats } from "./seats";
import { nfsMounts } from "../volumes/claims";

/** Images of the pods are the configuration's own: SV's have no fixed tags. */
export const userPods = application({
  key: "userPods",
  title: "the users' pods",
  schema: userPodsSchema,
  effects: USER_PODS_EFFECTS,
  images: GATEWAY_IMAGES,
  claims,
  check: (context) => checkUserPods(context, offerOf(context.environment)),
  plan: userPodsPlan,
  charts: () => (require("./chart") as typeof Charts).userPodsCharts,
});

function claims(context: ApplicationContext<UserPodsConfig>): Claims {
  return joinClaims([podClaims(context), gatewayClaims(context)]);
}

function gatewayClaims({ config, at }: ApplicationContext<UserPodsConfig>): Claims {
  const { namespace, exposure, directory } = config;
  if (exposure.kind !== "gateway") return {};
  const path = at("exposure.identity");
  return {
    secrets: Object.values(gatewaySecrets(exposure.identity)).map((secret) => ({ path, secret })),
    flows: gatewayFlows(namespace, exposure.identity, directory),
    images: claimedImages(gatewayImages(exposure.identity), at("exposure")),
  };
}

function podClaims({ config, environment, at }: ApplicationContext<UserPodsConfig>): Claims {
  const { namespace, containers, nodes } = config;
  const images = Object.entries(containers).map(([name, { image }]) => ({
    path: at(`containers.${name}.image`),
    image: `${image.name}:${image.tag}`,
  }));
  return {
    namespaces: [{ path: at("namespace"), name: namespace, level: levelOf(config) }],
    hosts: servedHosts(config, environment.domain, at),
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

function servedHosts(
  config: UserPodsConfig,
  domain: string,
  at: (key?: string) => string,
): NonNullable<Claims["hosts"]> {
  const { exposure } = config;
  switch (exposure.kind) {
    case "ingress":
      return servedPaths(config, hostOf(exposure.host, domain), at);
    case "gateway":
      return [{ path: at("exposure.host"), host: hostOf(exposure.host, domain), paths: ["/"] }];
    case "nodePort":
    case "none":
      return [];
    default:
      return assertNever(exposure);
  }
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
