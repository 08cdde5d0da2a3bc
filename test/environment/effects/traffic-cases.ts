/** For each key of software, logs, traffic, storage and tenants a change of it alone. */
import { WITH_HEKETI } from "../configs";
import { AUTHORITIES } from "./authorities";
import { below, set, type Cases } from "./case";

const FINGERPRINT = "0123456789ABCDEF0123456789ABCDEF01234567";
const armored = (text: string): string =>
  `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${text}\n-----END PGP PUBLIC KEY BLOCK-----\n`;
const given = { kind: "given", armored: armored("first") };

const MIRROR = {
  software: {
    kind: "mirror",
    distribution: "https://mirror.example.org/debian",
    security: "https://mirror.example.org/security",
    kubernetes: "https://mirror.example.org/kubernetes",
    containerd: { kind: "docker", url: "https://mirror.example.org/docker" },
    images: "registry.example.org/proxy",
  },
};

const SOFTWARE: Cases = {
  "software.kind": { change: MIRROR },
  ...["kubernetesKey", "containerd.key"].reduce<Cases>(
    (all, key) => ({
      ...all,
      [`software.${key}.kind`]: { on: MIRROR, change: { [`software.${key}`]: given } },
      ...set(`software.${key}.fingerprint`, FINGERPRINT, {
        ...MIRROR,
        [`software.${key}`]: { kind: "fingerprint", fingerprint: FINGERPRINT.replace("0", "F") },
      }),
      ...set(`software.${key}.armored`, armored("second"), { ...MIRROR, [`software.${key}`]: given }),
    }),
    {},
  ),
  "software.containerd.kind": { on: MIRROR, change: { "software.containerd": { kind: "distribution" } } },
  ...below(
    { table: "software", path: "software" },
    {
      "containerd.version": "2.2.*",
      "containerd.url": "https://other.example.org/docker",
      distribution: "https://other.example.org/debian",
      security: "https://other.example.org/security",
      kubernetes: "https://other.example.org/kubernetes",
      images: "other.example.org/proxy",
    },
    MIRROR,
  ),
};

const [FIRST, SECOND] = AUTHORITIES;
const SYSLOG = { logs: { kind: "syslog", host: "logs.example.org", authority: FIRST } };

const LOGS: Cases = {
  "logs.kind": { change: SYSLOG },
  ...below(
    { table: "logs", path: "logs" },
    { host: "other.example.org", port: 6515, queue: 2048, authority: SECOND },
    SYSLOG,
  ),
};

const WEB = {
  "ports.published.web": {
    external: 8080,
    nodePort: 30123,
    from: ["198.51.100.0/24"],
    probe: { kind: "http", path: "/healthz", port: 30124 },
  },
};

const HAPROXY = { edge: { kind: "haproxy", on: "loadBalancer", floatingIp: true } };
const MIGRATION = { ingress: { kind: "traefik", migration: { moved: [] } } };
const ISSUER = { ingress: { certificate: "issuer", issuer: { name: "letsencrypt" } } };
const METALLB = { "ingress.exposure": { kind: "metallb" } };
const WINDOW = { "ports.window": { from: 30050, to: 30052 } };

const TRAFFIC: Cases = {
  "edge.kind": { change: { edge: { kind: "octavia" } } },
  ...set("edge.on", "gateway", HAPROXY),
  ...set("edge.floatingIp", false, HAPROXY),
  ...set("ingress.kind", "traefik"),
  ...set("ingress.migration.moved", ["datalabs.lab.example.org"], MIGRATION),
  ...set("ingress.migration.all", true, MIGRATION),
  "ingress.exposure.kind": { change: METALLB },
  ...set("ingress.exposure.floatingIp", false, METALLB),
  ...set("ingress.http", 30081),
  ...set("ingress.https", 30444),
  ...set("ingress.from", ["198.51.100.0/24"]),
  ...set("ingress.proxyProtocol", true),
  ...set("ingress.bodySize", "2Mi"),
  ...set("ingress.timeouts.connectSeconds", 6),
  ...set("ingress.timeouts.readSeconds", 61),
  ...set("ingress.timeouts.sendSeconds", 61),
  ...set("ingress.certificate", "given"),
  ...set("ingress.issuer.kind", "Issuer", ISSUER),
  ...set("ingress.issuer.name", "other", ISSUER),
  "ports.published.<port>": { change: WEB },
  ...below(
    { table: "ports.published.<port>", path: "ports.published.web" },
    {
      external: 8081,
      nodePort: 30125,
      from: ["203.0.113.0/24"],
      "probe.kind": "https",
      "probe.path": "/ready",
      "probe.port": 30126,
    },
    WEB,
  ),
  ...below(
    { table: "ports.published.<port>", path: "ports.published.web" },
    { "service.namespace": "other", "service.name": "other", "service.port": 81 },
    { ...WEB, "ports.published.web.service": { namespace: "datalab", name: "web", port: 80 } },
  ),
  "ports.published.<port>.protocol": {
    on: { ...WEB, edge: { kind: "octavia" }, "ports.published.web.probe": { kind: "tcp" } },
    change: { "ports.published.web.protocol": "udp" },
  },
  ...set("ports.internal", { registry: 30091 }),
  ...set("ports.window.from", 30049, WINDOW),
  ...set("ports.window.to", 30053, WINDOW),
  ...set("ports.window.open", ["198.51.100.0/24"], WINDOW),
};

const GITLAB = { "rules.exceptions.gitlab": { allow: ["limits"], reason: "its chart sets none" } };

const RULES: Cases = {
  "rules.images.kind": { change: { "rules.images": { kind: "any" } } },
  ...set("rules.images.from", ["quay.io/jupyter"], { "rules.images": { kind: "listed" } }),
  ...set("rules.loadBalancers", "allowed"),
  ...set("rules.hosts", ["lab.example.com"]),
  "rules.exceptions.<namespace>": { change: GITLAB },
  ...below(
    { table: "rules.exceptions.<namespace>", path: "rules.exceptions.gitlab" },
    { allow: ["images"], reason: "its images are its own" },
    GITLAB,
  ),
};

const ALIAS = { "storage.aliases.other": { kind: "block" } };
const ALIASES = { table: "storage.aliases.<class>", path: "storage.aliases.other" };
const foreign = (kind: string, settings: object) => ({
  "storage.aliases.other": { kind, namespace: "drivers", ...settings },
});
const NFS = { "storage.shared": { kind: "nfs-provisioner", size: "6Gi" } };

const STORAGE: Cases = {
  ...set("storage.block.className", "other"),
  ...set("storage.block.volumeType", "fast"),
  ...set("storage.block.reclaimPolicy", "Retain"),
  "storage.block.zones.kind": { change: { "storage.block.zones": { kind: "any" } } },
  ...set("storage.block.zones.zone", "cinder-2", {
    "storage.block.zones": { kind: "fixed", zone: "cinder-1" },
  }),
  "storage.aliases.<class>": { change: ALIAS },
  "storage.aliases.<class>.kind": { on: ALIAS, change: { "storage.aliases.other": { kind: "shared" } } },
  ...below(
    ALIASES,
    { clusterId: "other", pool: "other" },
    foreign("ceph-rbd", { clusterId: "a", pool: "a" }),
  ),
  ...below(ALIASES, { fileSystem: "other" }, foreign("cephfs", { clusterId: "a", fileSystem: "a" })),
  ...below(
    ALIASES,
    {
      protocol: "cephfs",
      shareType: "other",
      shareNetwork: "0f1e2d3c-0000-4000-8000-000000000001",
      namespace: "other",
      reclaimPolicy: "Retain",
    },
    foreign("manila", { shareType: "a" }),
  ),
  ...set("storage.defaultClass", "other", ALIAS),
  "storage.shared.kind": { change: { "storage.shared": { kind: "none" }, "servers.gluster": undefined } },
  // Each mode is of other releases of Kubernetes, so the release changes with it.
  "storage.shared.mode": { change: WITH_HEKETI },
  ...set("storage.shared.quotas", { datalab: "10Gi" }),
  ...set("storage.shared.className", "other"),
  ...set("storage.shared.reclaimPolicy", "Retain"),
  ...set("storage.shared.size", "8Gi", { ...NFS, "servers.gluster": undefined }),
  "containers.<container>": { change: { "containers.more": { purpose: "data" } } },
  ...below(
    { table: "containers.<container>", path: "containers.state" },
    { name: "other", purpose: "data", versioning: false },
  ),
  "applicationCredentials.<credential>": { change: { "applicationCredentials.more": {} } },
  ...below(
    { table: "applicationCredentials.<credential>", path: "applicationCredentials.cloud" },
    { roles: ["reader"], unrestricted: true, expiresAt: "2035-06-30T00:00:00Z", generation: 2 },
  ),
};

const TENANTS: Cases = {
  "tenants.<tenant>": {
    change: {
      "tenants.more": { slot: 2, ingress: { http: 32180, https: 32543 }, namespaces: ["morelab"] },
    },
  },
  ...below(
    { table: "tenants.<tenant>", path: "tenants.test" },
    {
      slot: 3,
      "ingress.http": 31081,
      "ingress.https": 31444,
      "window.from": 30056,
      "window.to": 30059,
      edge: "octavia",
      namespaces: ["testlab", "testlab-more"],
      hosts: ["test.lab.example.org"],
      images: ["quay.io/jupyter"],
    },
  ),
};

export function trafficCases(): Cases {
  return { ...SOFTWARE, ...LOGS, ...TRAFFIC, ...RULES, ...STORAGE, ...TENANTS };
}
