/** The plan of applications on an existing cluster: no servers, no network, no OpenStack. */
import type { ExistingClusterConfig } from "../config";
import type { Claimed } from "../parts/claims";
import type { ClusterRoleDeclaration } from "../parts/cluster-roles";
import { secretPlans } from "../secrets";
import { declared } from "./declared";
import { existingClusterExpiries } from "./expiries";
import type { ClusterPlan, EnvironmentPlan, NetworkPlan } from "./types";

export interface ExistingClusterSources extends Claimed<ExistingClusterConfig> {
  /** Of all parts of the catalog. */
  readonly clusterRoles: readonly ClusterRoleDeclaration[];
}

export function planOnExistingCluster({
  config,
  claims,
  clusterRoles,
}: ExistingClusterSources): EnvironmentPlan {
  const plan = {
    ...declared({ config, claims }),
    // The holder of the kubeconfig creates namespaces and binds roles.
    tenancy: { kind: "owner" as const },
    network: noNetwork(config),
    // No server takes it.
    keyPair: { kind: "existing" as const, name: "" },
    ...NO_SERVERS,
    software: { kind: "baked" as const },
    logs: { kind: "none" as const },
    people: [],
    reach: [],
    cluster: clusterPlan(config),
    sharedStorage: { kind: "none" as const },
    clusterRoles: claims.namespaces.length === 0 ? [] : clusterRoles,
    tenants: [],
    containers: [],
    applicationCredentials: [],
    cloudValues: [],
    secrets: secretPlans(config, { claims, vips: [], wireguard: undefined }),
    tags: [],
    metadata: {},
    project: { flavors: {}, limits: {} },
    settings: [],
  };
  return { ...plan, expiries: [...existingClusterExpiries(plan), ...claims.expiries] };
}

const NO_SERVERS = {
  servers: [],
  rolling: [],
  serverGroups: [],
  securityGroups: [],
  hostFirewalls: [],
  volumes: [],
  ports: [],
  vips: [],
  floatingIps: [],
  loadBalancers: [],
} as const;

/** Its addresses are the cluster's own; nothing is created in it. */
function noNetwork({ cluster }: ExistingClusterConfig): NetworkPlan {
  return {
    kind: "none",
    name: "",
    subnetName: "",
    cidr: cluster.nodeCidr,
    gatewayIp: "",
    mtu: 0,
    dnsNameservers: [],
    allocationPools: [],
    externalNetwork: "",
    fixedAddresses: false,
    ids: {},
  };
}

function clusterPlan({ name, cluster }: ExistingClusterConfig): ClusterPlan {
  const { version, nodeCidr, serviceCidr, storage } = cluster;
  const { className, namespace, podLabels } = cluster.ingress;
  return {
    kind: "existing",
    name: cluster.name ?? name,
    owner: name,
    version,
    ...{ nodeCidr, serviceCidr },
    ingress: { className, namespace, pods: [podLabels] },
    podCidr: "",
    blockClass: storage.block,
    ...(storage.shared === undefined ? {} : { sharedClass: storage.shared }),
    apiRoute: "direct",
    preservesPodAddresses: false,
    schedulableControlPlane: false,
    appArmor: "off",
  };
}
