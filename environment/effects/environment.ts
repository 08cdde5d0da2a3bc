/**
 * The effect of a new value of each key on a running environment: a key of the schema without an effect does not
 * compile. Those of `apps` are with each application.
 */
import type { EnvironmentConfig } from "../config";
import type { EffectTree, Effects } from "../parts/effects";
import type { ExistingSettings, OwnerSettings, TenantSettings } from "../schema/environment";
import { assertNever } from "../../errors/assert-never";
import { ACCESS_EFFECTS, PEOPLE_EFFECTS } from "./access";
import { CLUSTER_EFFECTS } from "./cluster";
import { EXISTING_CLUSTER_EFFECTS } from "./existing";
import { INGRESS_EFFECTS, TENANT_INGRESS_EFFECTS } from "./ingress";
import { KEY_PAIR_EFFECTS, NETWORK_EFFECTS } from "./network";
import { NAMESPACES_EFFECTS } from "./namespaces";
import { RULES_EFFECTS } from "./rules";
import { SERVERS_EFFECTS, TENANT_SERVERS_EFFECTS } from "./servers";
import { LOGS_EFFECTS, SOFTWARE_EFFECTS } from "./software";
import { CONTAINER_EFFECTS, CREDENTIAL_EFFECTS, STORAGE_EFFECTS } from "./storage";
import { TENANTS_EFFECTS } from "./tenants";
import { EDGE_EFFECTS, PORTS_EFFECTS } from "./traffic";
import {
  ANOTHER_KIND_OF_ENVIRONMENT,
  each,
  guarded,
  inPlace,
  ONLY_CHECKED,
  ONLY_COMPUTED,
  stopped,
  WHEN_ROLLED,
} from "./words";

/** Applications have their own. */
type Own<Settings> = Effects<Omit<Settings, "apps">>;

/** Judged by the guard and by a record of the last finished handover: the way has two steps. */
const DEPLOY = guarded(
  "deletes objects that a set has just taken over, or the other way round",
  "from objects to applySet: run up with handover first, to its end (docs/apply-set.md)",
);

const ONLY_REPORTED = inPlace("nothing is made from it; reports list these findings apart from the others");

const CHANGES = { allow: inPlace("nothing is made from it; the guard reads it") };

const WITH_SERVERS: Pick<
  Own<OwnerSettings>,
  | "domain"
  | "image"
  | "availabilityZones"
  | "volumeZones"
  | "tags"
  | "metadata"
  | "flavors"
  | "quota"
  | "prices"
  | "namespaces"
  | "deploy"
  | "deployParts"
  | "changes"
  | "acceptedFindings"
> = {
  domain: WHEN_ROLLED("names of services change at once; for the domain in servers' own names"),
  image: guarded("does nothing to servers that run", "count up the `generation` of the pools, or allow it"),
  availabilityZones: guarded("replaces servers", "count up the `generation` of the pools, or allow it"),
  volumeZones: stopped({
    would: "deletes volumes with all data, and recreates them in another zone",
    instead: "bring an environment up beside this one and move the data",
  }),
  tags: inPlace("without interruption"),
  metadata: inPlace("without interruption"),
  flavors: {
    kind: "entries",
    name: "<flavor>",
    entry: ONLY_CHECKED,
    each: { vcpus: ONLY_CHECKED, ramMiB: ONLY_CHECKED, diskGiB: ONLY_CHECKED },
  },
  quota: each(
    [
      "instances",
      "cores",
      "ramMiB",
      "volumes",
      "volumeGiB",
      "ports",
      "floatingIps",
      "networks",
      "routers",
      "securityGroups",
      "securityGroupRules",
      "serverGroups",
      "serverGroupMembers",
      "loadBalancers",
    ],
    ONLY_CHECKED,
  ),
  prices: {
    in: { kind: ONLY_COMPUTED, currency: ONLY_COMPUTED, unit: ONLY_COMPUTED },
    flavors: ONLY_COMPUTED,
    volumeTypes: ONLY_COMPUTED,
    defaultVolumeType: ONLY_COMPUTED,
    floatingIp: ONLY_COMPUTED,
    loadBalancer: ONLY_COMPUTED,
  },
  namespaces: NAMESPACES_EFFECTS,
  deploy: DEPLOY,
  deployParts: DEPLOY,
  changes: CHANGES,
  acceptedFindings: ONLY_REPORTED,
};

export const OWNER_EFFECTS: Own<OwnerSettings> = {
  cluster: CLUSTER_EFFECTS,
  ...WITH_SERVERS,
  network: NETWORK_EFFECTS,
  keyPair: KEY_PAIR_EFFECTS,
  access: ACCESS_EFFECTS,
  people: PEOPLE_EFFECTS,
  servers: SERVERS_EFFECTS,
  software: SOFTWARE_EFFECTS,
  logs: LOGS_EFFECTS,
  edge: EDGE_EFFECTS,
  ingress: INGRESS_EFFECTS,
  ports: PORTS_EFFECTS,
  rules: RULES_EFFECTS,
  storage: STORAGE_EFFECTS,
  tenants: TENANTS_EFFECTS,
  containers: CONTAINER_EFFECTS,
  applicationCredentials: CREDENTIAL_EFFECTS,
};

export const TENANT_EFFECTS: Own<TenantSettings> = {
  cluster: {
    kind: ANOTHER_KIND_OF_ENVIRONMENT,
    owner: guarded(
      "leaves everything that the environment has in its cluster behind",
      "for another owner's cluster, bring this environment up as a new stack",
    ),
  },
  ...WITH_SERVERS,
  servers: TENANT_SERVERS_EFFECTS,
  edge: EDGE_EFFECTS,
  ingress: TENANT_INGRESS_EFFECTS,
  ports: PORTS_EFFECTS,
};

export const EXISTING_EFFECTS: Own<ExistingSettings> = {
  cluster: EXISTING_CLUSTER_EFFECTS,
  domain: inPlace("names of services change at once"),
  namespaces: NAMESPACES_EFFECTS,
  deploy: DEPLOY,
  deployParts: DEPLOY,
  changes: CHANGES,
  acceptedFindings: ONLY_REPORTED,
};

/** Of an environment of a kind. */
export function environmentEffects({ cluster }: EnvironmentConfig): EffectTree {
  switch (cluster.kind) {
    case "own":
      return OWNER_EFFECTS;
    case "shared":
      return TENANT_EFFECTS;
    case "existing":
      return EXISTING_EFFECTS;
    default:
      return assertNever(cluster);
  }
}
