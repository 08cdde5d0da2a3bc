/** For each key of servers a change of it alone, in every role. */
import type { Json } from "../configs";
import { below, set, sshKey, type Case, type Cases } from "./case";

const VOLUME: Json = { size: "10Gi", type: "slow", use: { kind: "filesystem", mountPoint: "/scratch" } };

/** Where each member of `servers` is in the base. */
const ROLES = ["bastion", "gateway", "loadBalancer", "controlPlane", "gluster", "nfs"] as const;
const MEMBERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(ROLES.map((role) => [role, role])),
  "workers.<pool>": "workers.general",
  "applicationServers.<server>": "applicationServers.logs",
  desktops: "desktops",
};

type AtMember = (path: string) => Case;

/** Of every role. */
const SERVER: Readonly<Record<string, AtMember>> = {
  flavor: (at) => ({ change: { [`${at}.flavor`]: "another" } }),
  image: (at) => ({ change: { [`${at}.image`]: "another" } }),
  availabilityZones: (at) => ({
    on: { [`${at}.availabilityZones`]: ["a"] },
    change: { [`${at}.availabilityZones`]: ["b"] },
  }),
  "bootVolume.size": (at) => ({
    on: { [`${at}.bootVolume`]: { size: "20Gi" } },
    change: { [`${at}.bootVolume.size`]: "30Gi" },
  }),
  "bootVolume.type": (at) => ({
    on: { [`${at}.bootVolume`]: { size: "20Gi", type: "slow" } },
    change: { [`${at}.bootVolume.type`]: "fast" },
  }),
  "volumes.<volume>": (at) => ({ change: { [`${at}.volumes.scratch`]: VOLUME } }),
  "volumes.<volume>.size": (at) => ({
    on: { [`${at}.volumes.scratch`]: VOLUME },
    change: { [`${at}.volumes.scratch.size`]: "5Gi" },
  }),
  "volumes.<volume>.type": (at) => ({
    on: { [`${at}.volumes.scratch`]: VOLUME },
    change: { [`${at}.volumes.scratch.type`]: "fast" },
  }),
  "volumes.<volume>.use.kind": (at) => ({
    on: { [`${at}.volumes.scratch`]: VOLUME },
    change: { [`${at}.volumes.scratch.use`]: { kind: "raw", device: "/dev/sdd" } },
  }),
  "volumes.<volume>.use.type": (at) => ({
    on: { [`${at}.volumes.scratch`]: VOLUME },
    change: { [`${at}.volumes.scratch.use.type`]: "xfs" },
  }),
  "volumes.<volume>.use.mountPoint": (at) => ({
    on: { [`${at}.volumes.scratch`]: VOLUME },
    change: { [`${at}.volumes.scratch.use.mountPoint`]: "/scratch2" },
  }),
  "volumes.<volume>.use.device": (at) => ({
    on: { [`${at}.volumes.scratch`]: { ...VOLUME, use: { kind: "raw", device: "/dev/sdd" } } },
    change: { [`${at}.volumes.scratch.use.device`]: "/dev/sde" },
  }),
  "volumes.<volume>.protect": (at) => ({
    on: { [`${at}.volumes.scratch`]: VOLUME },
    change: { [`${at}.volumes.scratch.protect`]: false },
  }),
  floatingIp: (at) => ({ on: { [`${at}.floatingIp`]: false }, change: { [`${at}.floatingIp`]: true } }),
  generation: (at) => ({ change: { [`${at}.generation`]: 2 } }),
  metadata: (at) => ({ change: { [`${at}.metadata`]: { cost: "1" } } }),
  tags: (at) => ({ change: { [`${at}.tags`]: ["more"] } }),
  applications: (at) => ({
    on: { [`${at}.applications`]: [] },
    change: { [`${at}.applications`]: ["nexus"] },
  }),
};

/** How many servers fit and are allowed where four do not, or are not. */
const MORE: Readonly<Record<string, number>> = {
  "servers.bastion": 2,
  "servers.controlPlane": 5,
  "servers.nfs": 2,
};

/** Where one cannot be exchanged for another. */
const LEFT_OUT: Readonly<Record<string, Case>> = {
  "servers.bastion": {
    on: { "servers.bastion.min": 2, "servers.bastion.removed": [0] },
    change: { "servers.bastion.removed": [] },
  },
  "servers.gluster": { on: { "servers.gluster.min": 4 }, change: { "servers.gluster.removed": [3] } },
  "servers.nfs": { on: { "servers.nfs.min": 2 }, change: { "servers.nfs.removed": [1] } },
};

/** Of every pool: not of servers with a name of their own. */
const POOL: Readonly<Record<string, AtMember>> = {
  min: (at) => ({ change: { [`${at}.min`]: MORE[at] ?? 4 } }),
  removed: (at) =>
    LEFT_OUT[at] ?? { on: { [`${at}.min`]: 3 }, change: { [`${at}.min`]: 4, [`${at}.removed`]: [1] } },
  "overrides.<slot>": (at) => ({ change: { [`${at}.overrides`]: { "0": { flavor: "another" } } } }),
  "overrides.<slot>.flavor": (at) => ({ change: { [`${at}.overrides`]: { "0": { flavor: "another" } } } }),
  "overrides.<slot>.image": (at) => ({ change: { [`${at}.overrides`]: { "0": { image: "another" } } } }),
  "overrides.<slot>.availabilityZone": (at) => ({
    on: { [`${at}.availabilityZones`]: ["a"] },
    change: { [`${at}.overrides`]: { "0": { availabilityZone: "b" } } },
  }),
  "overrides.<slot>.name": (at) => ({ change: { [`${at}.overrides`]: { "0": { name: "another" } } } }),
  antiAffinity: (at) => ({
    on: { [`${at}.antiAffinity`]: "soft" },
    change: { [`${at}.antiAffinity`]: "hard" },
  }),
};

const WORKERS = { table: "servers.workers.<pool>", path: "servers.workers.general" };
const LOGS = { table: "servers.applicationServers.<server>", path: "servers.applicationServers.logs" };
const ADA = { table: "servers.desktops.users.<user>", path: "servers.desktops.users.ada" };
const NFS: Json = { kind: "nfs", server: "files.example.org", path: "/export", mountPoint: "/mnt/archive" };
const CEPHFS: Json = {
  kind: "cephfs",
  monitors: ["10.1.0.5:6789"],
  fileSystem: "lab",
  client: "lab",
  mountPoint: "/mnt/ceph",
};
const CVMFS: Json = { kind: "cvmfs", repository: "sw.example.org", package: "cvmfs" };
const LUSTRE: Json = {
  kind: "lustre",
  servers: ["10.2.0.5@tcp"],
  fileSystem: "scratch",
  mountPoint: "/mnt/scratch",
  package: "lustre-client",
};
const MOUNT = "servers.workers.general.mounts.more";
const MOUNTS = { table: "servers.workers.<pool>.mounts.<mount>", path: MOUNT };
const RANGE = { "servers.workers.general.range": { start: 0, size: 20 } };

/** Of one role each. */
const OWN: Cases = {
  ...set("servers.controlPlane.schedulable", true),
  "servers.workers.<pool>": {
    on: RANGE,
    change: { "servers.workers.more": { flavor: "large", min: 1, range: { start: 20, size: 10 } } },
  },
  ...below(WORKERS, {
    max: 5,
    maxUnavailable: 2,
    labels: { disk: "ssd" },
    taints: [{ key: "gpu", effect: "NoSchedule" }],
  }),
  ...below(
    WORKERS,
    { "gpu.resource": "example.org/gpu", "gpu.count": 2 },
    { "servers.workers.general.gpu": {} },
  ),
  ...below(WORKERS, { "range.start": 20, "range.size": 21 }, RANGE),
  ...below(WORKERS, { formerly: "other" }),
  "servers.workers.<pool>.mounts.<mount>": { change: { [MOUNT]: NFS } },
  "servers.workers.<pool>.mounts.<mount>.kind": { on: { [MOUNT]: CVMFS }, change: { [MOUNT]: NFS } },
  ...below(
    MOUNTS,
    {
      server: "other.example.org",
      path: "/other",
      version: "4.1",
      mountPoint: "/mnt/other",
      readOnly: false,
    },
    { [MOUNT]: NFS },
  ),
  ...below(
    MOUNTS,
    { monitors: ["10.1.0.6:6789"], client: "other", fileSystem: "other" },
    { [MOUNT]: CEPHFS },
  ),
  ...below(
    MOUNTS,
    { repository: "more.example.org", proxies: ["http://squid.example.org:3128"], package: "cvmfs-more" },
    { [MOUNT]: CVMFS },
  ),
  ...below(MOUNTS, { servers: ["10.2.0.6@tcp"] }, { [MOUNT]: LUSTRE }),
  "servers.applicationServers.<server>": {
    change: { "servers.applicationServers.more": { slot: 5, flavor: "large" } },
  },
  ...below(LOGS, { slot: 6, formerly: "other", publicApplications: ["elasticsearch"] }),
  "servers.desktops.users.<user>": { change: { "servers.desktops.users.alan": { slot: 5 } } },
  ...below(ADA, { slot: 6, flavor: "another" }),
  ...below(ADA, { sshKey: sshKey("E") }, { [`${ADA.path}.sshKey`]: sshKey("F") }),
};

export function serverCases(): Cases {
  const rows = Object.entries(MEMBERS).flatMap(([member, path]) => {
    const keys =
      member.includes("applicationServers") || member === "desktops" ? SERVER : { ...SERVER, ...POOL };
    return Object.entries(keys).map(
      ([key, at]) => [`servers.${member}.${key}`, at(`servers.${path}`)] as const,
    );
  });
  return { ...Object.fromEntries(rows), ...OWN };
}
