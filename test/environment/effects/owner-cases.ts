/** For each key of an owner's configuration a change of it alone, to compare what it does with what is declared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentOf, stackFiles, type Json } from "../configs";
import { below, set, sshKey, type Cases } from "./case";
import { namespaceCases } from "./namespace-cases";
import { serverCases } from "./server-cases";
import { trafficCases } from "./traffic-cases";

const WIREGUARD_KEY = "4TrNTbm9dRCsHEnMDh8q7Ck83JYD5ycnKI0BCP7yvXM=";
const ID = "0f1e2d3c-0000-4000-8000-00000000000";

const OIDC = {
  "cluster.oidc": { issuer: "https://sso.example.org/", clientId: "lab", groupsClaim: "groups" },
};
const AUTHORITY = readFileSync(join(__dirname, "..", "sample-authority.pem"), "utf8");
const AMPHORA = { "cluster.cloud.loadBalancers": { kind: "amphora" } };
const CLASS = {
  "cluster.cloud.loadBalancers": { kind: "amphora", classes: { dmz: { networkId: `${ID}7` } } },
};
const FLANNEL = { apps: {}, "cluster.cni": { kind: "flannel", backend: "vxlan" } };
const HAPROXY = { "cluster.api": { kind: "haproxy" }, "servers.gateway.floatingIp": true };
const CAMPUS = {
  network: { kind: "existing", cidr: "10.0.0.0/24", name: "campus", subnet: "campus" },
};
/** Nothing in it needs an address that moves. */
const BALANCED_BY_OCTAVIA = {
  ...CAMPUS,
  "cluster.api": { kind: "octavia" },
  edge: { kind: "octavia" },
  storage: {},
  "servers.gluster": undefined,
  "servers.gateway.floatingIp": true,
};
const OPERATORS = { "access.operator": { kind: "allowlist", from: ["198.51.100.0/24"] } };
const EMPTY_TUNNEL = { "access.wireguard.peers": {} };
const HUGE = { "flavors.huge": { vcpus: 8, ramMiB: 8192, diskGiB: 10 } };
const PRICES = { prices: { in: { kind: "money", currency: "EUR" } } };
const ALAN = {
  "people.alan": {
    ssh: { key: sshKey("B") },
    wireguard: { publicKey: WIREGUARD_KEY, address: "172.30.153.80" },
  },
};

const QUOTA = [
  ...["instances", "cores", "ramMiB", "volumes", "volumeGiB", "ports", "floatingIps", "networks", "routers"],
  ...["securityGroups", "securityGroupRules", "serverGroups", "serverGroupMembers", "loadBalancers"],
];

const CLUSTER: Cases = {
  "cluster.kind": { change: {}, whole: environmentOf(stackFiles().get("existing-cluster") ?? {}) as Json },
  ...set("cluster.name", "other"),
  ...set("cluster.version", "1.37"),
  ...set("cluster.release", "1.36.2", { "cluster.release": "1.36.1" }),
  ...set("cluster.nodes.maxPods", 120),
  ...set("cluster.nodes.systemReserved.cpu", "150m"),
  ...set("cluster.nodes.systemReserved.memory", "300Mi"),
  ...set("cluster.nodes.systemReserved.disk", "2Gi"),
  ...set("cluster.nodes.kubeReserved.cpu", "250m"),
  ...set("cluster.nodes.kubeReserved.memory", "600Mi"),
  ...set("cluster.nodes.kubeReserved.disk", "2Gi"),
  ...set("cluster.nodes.eviction.memory", "300Mi"),
  ...set("cluster.nodes.eviction.diskPercent", 12),
  ...set("cluster.nodes.imageGc.high", 86),
  ...set("cluster.nodes.imageGc.low", 70),
  ...set("cluster.nodes.notReadySeconds", 60),
  ...set("cluster.nodes.proxyMode", "nftables"),
  ...set("cluster.nodes.cloudProvider", "none"),
  ...set("cluster.nodes.appArmor", "required"),
  ...set("cluster.nodes.imageRepository", "registry.example.org/k8s"),
  ...set("cluster.cloud.authUrl", "https://cloud.example.org:5000/v3"),
  ...set("cluster.cloud.region", "RegionTwo"),
  ...set("cluster.cloud.authority", AUTHORITY),
  ...set("cluster.cloud.credentials.controller", "other"),
  ...set("cluster.cloud.credentials.volumes", "other"),
  "cluster.cloud.loadBalancers.kind": { on: AMPHORA, change: { "cluster.cloud.loadBalancers.kind": "none" } },
  ...set("cluster.cloud.loadBalancers.from", ["203.0.113.0/24"], {
    "cluster.cloud.loadBalancers": { kind: "ovn", from: ["198.51.100.0/24"] },
  }),
  ...set("cluster.cloud.loadBalancers.floatingIps", false, AMPHORA),
  ...set("cluster.cloud.loadBalancers.monitor", false, AMPHORA),
  ...set("cluster.cloud.loadBalancers.sharedBy", 3, AMPHORA),
  "cluster.cloud.loadBalancers.classes.<class>": { on: AMPHORA, change: CLASS },
  ...below(
    {
      table: "cluster.cloud.loadBalancers.classes.<class>",
      path: "cluster.cloud.loadBalancers.classes.dmz",
    },
    {
      floatingNetworkId: `${ID}1`,
      floatingSubnetId: `${ID}2`,
      networkId: `${ID}3`,
      subnetId: `${ID}4`,
      memberSubnetId: `${ID}5`,
    },
    CLASS,
  ),
  ...set("cluster.podCidr", "10.200.0.0/16"),
  ...set("cluster.serviceCidr", "10.112.0.0/12"),
  "cluster.cni.kind": { change: { "cluster.cni": { kind: "kube-router" } } },
  ...set("cluster.cni.encapsulation", "ipip"),
  ...set("cluster.cni.backend", "host-gw", FLANNEL),
  ...set("cluster.cni.policy", "none", {
    ...FLANNEL,
    "cluster.cni": { kind: "flannel", policy: "kube-router" },
  }),
  "cluster.api.kind": { on: HAPROXY, change: { "cluster.api": { kind: "octavia" } } },
  ...set("cluster.api.port", 9999, HAPROXY),
  ...set("cluster.api.floatingIp", true, {
    ...HAPROXY,
    "cluster.api": { kind: "haproxy", floatingIp: false },
  }),
  ...set("cluster.serverName", "k8s.lab.example.org"),
  ...set("cluster.failedPods.afterHours", 48, { "cluster.failedPods": { afterHours: 24 } }),
  ...set("cluster.oidc.issuer", "https://other.example.org/", OIDC),
  ...set("cluster.oidc.clientId", "other", OIDC),
  ...set("cluster.oidc.usernameClaim", "email", OIDC),
  ...set("cluster.oidc.groupsClaim", "roles", OIDC),
};

/** Of environments of every kind, or of those with servers. */
export const COMMON_CASES: Cases = {
  ...set("domain", "other.example.org"),
  ...set("image", "debian-13"),
  ...set("availabilityZones", ["b"], { availabilityZones: ["a"] }),
  ...set("volumeZones", "server", { availabilityZones: ["a"] }),
  ...set("tags", ["more"]),
  ...set("metadata", { cost: "1" }),
  "flavors.<flavor>": { change: HUGE },
  ...below(
    { table: "flavors.<flavor>", path: "flavors.huge" },
    { vcpus: 9, ramMiB: 9000, diskGiB: 90 },
    HUGE,
  ),
  ...below({ table: "quota", path: "quota" }, Object.fromEntries(QUOTA.map((name) => [name, 1_000_000]))),
  "prices.in.kind": { on: PRICES, change: { "prices.in": { kind: "allocation", unit: "SU" } } },
  ...set("prices.in.currency", "USD", PRICES),
  ...set("prices.in.unit", "credits", { prices: { in: { kind: "allocation", unit: "SU" } } }),
  ...below(
    { table: "prices", path: "prices" },
    {
      flavors: { small: "0.05/hour" },
      volumeTypes: { ssd: "0.1/month" },
      ...{ defaultVolumeType: "0.05/month", floatingIp: "3/month", loadBalancer: "20/month" },
    },
    PRICES,
  ),
  ...set("deploy", "applySet"),
  ...set("deployParts", { datalab: "applySet" }),
  "changes.allow": { change: { "changes.allow": [{ resource: "server/x/0", change: "restart", to: "l" }] } },
  ...set("acceptedFindings", [{ finding: "setting.inactive", reason: "installed by hand" }]),
};

const RANGES = [
  ...["vip", "bastion", "gateway", "loadBalancer", "controlPlane", "gluster", "nfs"],
  ...["applicationServers", "desktops", "workers", "tenants"],
];

/** Each range of addresses by itself, in a part of the subnet that no other one has. */
const rangeCases = RANGES.flatMap((name) => {
  const path = `network.ranges.${name}`;
  const on = { "network.cidr": "10.0.0.0/22", [path]: { start: "10.0.3.144", end: "10.0.3.175" } };
  return Object.entries({
    ...set(`${path}.start`, "10.0.3.152", on),
    ...set(`${path}.end`, "10.0.3.183", on),
  });
});

const NETWORK: Cases = {
  "network.kind": { change: CAMPUS },
  ...set("network.cidr", "10.0.1.0/24"),
  ...set("network.externalNetwork", "internet"),
  ...set("network.mtu", 1400),
  ...Object.fromEntries(rangeCases),
  ...set("network.externalNetworkId", `${ID}1`),
  ...set("network.dnsNameservers", ["192.0.2.53"]),
  ...set("network.name", "other", CAMPUS),
  ...set("network.subnet", "other", CAMPUS),
  ...set("network.allocationPools", [{ start: "10.0.0.240", end: "10.0.0.250" }], CAMPUS),
  ...set("network.gatewayIp", "10.0.0.2", CAMPUS),
  ...set("network.shared", true, BALANCED_BY_OCTAVIA),
  ...set("network.ids.network", `${ID}1`, CAMPUS),
  ...set("network.ids.subnet", `${ID}2`, CAMPUS),
  "keyPair.kind": { change: { keyPair: { kind: "existing", name: "lab" } } },
  ...set("keyPair.publicKey", sshKey("C")),
  ...set("keyPair.name", "other", { keyPair: { kind: "existing", name: "lab" } }),
};

const PEOPLE: Cases = {
  "access.kind": {
    change: {
      access: { kind: "bastion", operator: { kind: "tunnel" }, ssh: { from: ["198.51.100.0/24"] } },
    },
  },
  "access.operator.kind": { change: { "access.operator": { kind: "wireguard" } } },
  ...set("access.operator.from", ["203.0.113.0/24"], OPERATORS),
  ...set("access.ssh.from", ["203.0.113.0/24"]),
  ...set("access.wireguard.cidr", "172.30.153.128/26", EMPTY_TUNNEL),
  ...set("access.wireguard.port", 7778),
  ...set("access.wireguard.from", ["203.0.113.0/24"]),
  "access.wireguard.peers.<peer>": { change: { "access.wireguard.peers.grace": undefined } },
  ...below(
    { table: "access.wireguard.peers.<peer>", path: "access.wireguard.peers.grace" },
    { publicKey: WIREGUARD_KEY, address: "172.30.153.90", applications: ["elasticsearch"] },
  ),
  "people.<person>": { change: ALAN },
  ...below(
    { table: "people.<person>", path: "people.alan" },
    {
      "ssh.key": sshKey("D"),
      "ssh.as": "operator",
      "wireguard.publicKey": WIREGUARD_KEY.replace("4", "5"),
      "wireguard.address": "172.30.153.81",
      applications: ["elasticsearch"],
      "kubernetes.everywhere": "view",
      "kubernetes.namespaces": { datalab: "edit" },
    },
    ALAN,
  ),
  "people.<person>.kubernetes.user": {
    on: { ...OIDC, ...ALAN, "people.alan.kubernetes": { everywhere: "view", user: "alan" } },
    change: { "people.alan.kubernetes.user": "turing" },
  },
};

export const OWNER_CASES: Cases = {
  ...CLUSTER,
  ...COMMON_CASES,
  ...namespaceCases("datalab"),
  ...NETWORK,
  ...PEOPLE,
  ...serverCases(),
  ...trafficCases(),
};
