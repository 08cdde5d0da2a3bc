import type { OwnerConfig, VolumeConfig } from "../config";
import { finding, type Finding } from "../findings";
import type { AllClaims, Claimed } from "../parts/claims";
import { slotsOf } from "../plan/slots";
import { HEKETI_FOLDER, usesHeketi } from "../shared-storage";
import { checkNeeds, ownClusterOffer } from "./cluster-offer";
import { duplicatePairs } from "./duplicates";
import { checkNodes } from "./nodes";

/** Consistency of the cluster's settings: storage, versions, policies; and the containers' names. */
export function checkCluster({ config, claims }: Claimed<OwnerConfig>): readonly Finding[] {
  return [
    ...checkClasses(claims),
    ...checkGluster(config),
    ...checkNfs(config),
    ...checkHeketi(config),
    ...checkRelease(config),
    ...checkNodes(config),
    ...checkNeeds(ownClusterOffer(config), claims),
    ...checkContainers(config),
  ];
}

/** Names of StorageClasses are unique in a cluster. */
function checkClasses({ storageClasses }: AllClaims): Finding[] {
  return duplicatePairs(storageClasses, ({ name }) => name).map(([first, second]) =>
    finding(
      "storage.class",
      second.path,
      `"${second.name}" is already the name of a class, by ${first.path}`,
      "choose another name",
    ),
  );
}

/** Three replicas: with two, a split-brain cannot be resolved. */
const GLUSTER_REPLICAS = 3;

function checkGluster(config: OwnerConfig): Finding[] {
  const { gluster } = config.servers;
  const { shared } = config.storage;
  if (shared.kind !== "gluster") return [];
  if (gluster === undefined) return checkQuotas(shared);
  const bricks = Object.values(gluster.volumes).some((volume) => volume.use.kind === "raw");
  const count = slotsOf(gluster).length;
  const problem = (path: string, explanation: string, fix: string) => [
    finding("storage.gluster", path, explanation, fix),
  ];
  return [
    ...(bricks
      ? []
      : problem("servers.gluster.volumes", "has no raw volume for bricks", "add one with use: {kind: raw}")),
    ...(count === 0 || count >= GLUSTER_REPLICAS
      ? []
      : problem(
          "servers.gluster.min",
          `${count} servers cannot hold three replicas, and fewer replicas risk split-brain`,
          `write ${GLUSTER_REPLICAS}`,
        )),
    ...checkSpares(slotsOf(gluster)),
    ...checkQuotas(shared),
    ...checkHeketiVolume(shared, Object.values(gluster.volumes)),
  ];
}

type GlusterConfig = Extract<OwnerConfig["storage"]["shared"], { kind: "gluster" }>;

/** A replica set is of slots 0–2, 3–5 and so on; a server in an incomplete set stores no data. */
function checkSpares(slots: readonly number[]): Finding[] {
  const present = new Set(slots);
  const isInFullSet = (slot: number): boolean => {
    const first = slot - (slot % GLUSTER_REPLICAS);
    return Array.from({ length: GLUSTER_REPLICAS }, (_, place) => first + place).every((each) =>
      present.has(each),
    );
  };
  const spare = slots.filter((slot) => !isInFullSet(slot));
  if (spare.length === 0 || slots.length < GLUSTER_REPLICAS) return [];
  if (spare.length === slots.length)
    return [
      finding(
        "storage.gluster",
        "servers.gluster.removed",
        `leaves slots ${slots.join(", ")}, and no full set of three among them, so that nothing can be stored`,
        "keep slots 0–2, 3–5 or the next three together",
      ),
    ];
  const what =
    spare.length === 1
      ? `slot ${spare.join("")} is in no full set of three, so its server carries no data`
      : `slots ${spare.join(", ")} are in no full set of three, so their servers carry no data`;
  const fix = "add or take servers so that slots 0–2, 3–5 and so on are full";
  return [finding("storage.gluster-spare", "servers.gluster.min", what, fix)];
}

function checkQuotas({ mode, quotas }: GlusterConfig): Finding[] {
  if (mode === "nfs" || Object.keys(quotas).length === 0) return [];
  const what = "limits what a namespace stores, which heketi-intree cannot: there each claim has its size";
  return [finding("storage.gluster", "storage.shared.quotas", what, "leave it out")];
}

function checkHeketiVolume({ mode }: GlusterConfig, volumes: readonly VolumeConfig[]): Finding[] {
  const kept = volumes.some(({ use }) => use.kind === "filesystem" && use.mountPoint === HEKETI_FOLDER);
  if (mode === "nfs" || kept) return [];
  const what = "has no volume for Heketi's database and the servers' places in the pool";
  const fix = `add one with use: {kind: filesystem, mountPoint: ${HEKETI_FOLDER}}`;
  return [finding("storage.heketi", "servers.gluster.volumes", what, fix)];
}

function checkNfs({ servers }: OwnerConfig): Finding[] {
  const { nfs } = servers;
  if (nfs === undefined || slotsOf(nfs).length === 0) return [];
  if (Object.values(nfs.volumes).some((volume) => volume.use.kind === "filesystem")) return [];
  return [
    finding(
      "storage.nfs",
      "servers.nfs.volumes",
      "has no file system to export",
      "add one with use: {kind: filesystem, mountPoint: /srv/nfs}",
    ),
  ];
}

/** The in-tree glusterfs provisioner left Kubernetes in 1.26. */
function checkHeketi({ cluster, storage }: OwnerConfig): Finding[] {
  const intree = usesHeketi(storage.shared);
  const legacy = cluster.version === "1.25";
  if (intree && !legacy) {
    const what = `"heketi-intree" needs Kubernetes 1.25, and cluster.version is ${cluster.version}`;
    return [finding("storage.heketi", "storage.shared.mode", what, "write nfs")];
  }
  if (legacy && !intree) {
    const what = '"1.25" is only there for Heketi\'s in-tree class';
    return [finding("cluster.version", "cluster.version", what, 'write "1.36"')];
  }
  return [];
}

function checkRelease({ cluster: { release, version } }: OwnerConfig): Finding[] {
  if (release === undefined || release.startsWith(`${version}.`)) return [];
  const what = `"${release}" is no release of cluster.version ${version}`;
  return [finding("cluster.version", "cluster.release", what, `write ${version}.<patch>, or leave it out`)];
}

function checkContainers({ containers, name }: OwnerConfig): Finding[] {
  const named = Object.entries(containers).map(([key, each]) => ({
    key,
    name: each.name ?? `${name}-${key}`,
  }));
  return duplicatePairs(named, (each) => each.name).map(([first, second]) =>
    finding(
      "container.name-clash",
      `containers.${second.key}.name`,
      `"${second.name}" is already the name of container ${first.key}`,
      "choose another name",
    ),
  );
}
