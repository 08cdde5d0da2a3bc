/** Which changes replace an object. Source: documentation and source of the official Kubernetes provider, 4.34. */
import { isMap } from "../../provider-protocol";
import type { PropertyMap } from "../../provider-protocol";

import { groupOf } from "./kinds";

/** Provider options that decide about replacement. */
export interface Mutability {
  /** @default false: changed data replaces a ConfigMap */
  readonly configMaps: boolean;
  /** @default false: changed data replaces a Secret */
  readonly secrets: boolean;
}

/** Name and namespace identify an object. */
const IDENTITY = ["metadata.name", "metadata.namespace"];

/** Fields of a PersistentVolume's spec for the kinds of volume; it has one of them. */
export const VOLUME_SOURCES = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
];

/** Fields of a Pod that may change in place; of its containers only the resources' sizes may, by another API. */
const POD_IN_PLACE: ReadonlySet<string> = new Set(["activeDeadlineSeconds", "tolerations"]);

/** By `group/Kind`: the fields whose change replaces. A change inside of one replaces too. */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  "/PersistentVolume": VOLUME_SOURCES.map((source) => `spec.${source}`),
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "/ResourceQuota": ["spec.scopes"],
  "/Service": ["spec.clusterIP"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
};

/** True if a change at this path (of map keys, list indices left out) replaces the object. */
export function replaces(object: PropertyMap, path: readonly string[], mutability: Mutability): boolean {
  const dotted = path.join(".");
  const key = kindKey(object);
  if (key === "/Pod" && path[0] === "spec") return !POD_IN_PLACE.has(path[1] ?? "");
  return [...IDENTITY, ...(REPLACING[key] ?? []), ...contents(object, key, mutability)].some(
    (field) => dotted === field || dotted.startsWith(`${field}.`) || field.startsWith(`${dotted}.`),
  );
}

function contents(object: PropertyMap, key: string, mutability: Mutability): readonly string[] {
  const immutable = object["immutable"] === true;
  if (key === "/Secret") return !mutability.secrets || immutable ? ["type", "stringData", "data"] : ["type"];
  if (key === "/ConfigMap") return !mutability.configMaps || immutable ? ["binaryData", "data"] : [];
  return [];
}

function kindKey(object: PropertyMap): string {
  const { apiVersion, kind } = object;
  return `${typeof apiVersion === "string" ? groupOf(apiVersion) : ""}/${typeof kind === "string" ? kind : ""}`;
}

export const AUTO_NAMED = "pulumi.com/autonamed";

/** True if the provider made the object's name, so that another one can be made beside it. */
export function isAutoNamed(object: PropertyMap): boolean {
  const metadata = object["metadata"];
  const annotations = isMap(metadata) ? metadata["annotations"] : undefined;
  return isMap(annotations) && annotations[AUTO_NAMED] === "true";
}
