/** What findings over objects need to know of the cluster: its storage classes and its nodes. */
import { fieldOf, type Manifest } from "../../deploy/manifest";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import type { Amounts } from "../seats/pods";

/** Names of storage classes. */
export interface StorageClasses {
  /** Absent where another environment has further ones. */
  readonly all?: ReadonlySet<string>;
  /** Those whose volumes one node at a time can have. */
  readonly block: ReadonlySet<string>;
  /** Whether a claim without a class gets one; undefined where another environment decides it. */
  readonly hasDefault: boolean | undefined;
}

/** The cluster, as far as it is known. */
export interface ObjectFacts {
  /** What is free on the largest nodes: the most CPU and the most memory. Absent if sizes are unknown. */
  readonly largest?: Pick<Amounts, "cpuMillis" | "memoryMiB">;
  /** Absent for a cluster that the plan does not describe. */
  readonly classes?: StorageClasses;
  /** Servers that take pods; absent where another environment has them. */
  readonly nodes?: readonly ServerPlan[];
}

const CINDER = "cinder.csi.openstack.org";
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

export function objectFacts(
  { cluster, servers }: EnvironmentPlan,
  manifests: readonly Manifest[],
  largest: ObjectFacts["largest"],
): ObjectFacts {
  const sizes = largest === undefined ? {} : { largest };
  if (cluster.kind === "existing") return sizes;
  const rendered = manifests.filter(({ kind }) => kind === "StorageClass");
  const cinder = [cluster.blockClass, ...(cluster.cinder?.classes ?? [])];
  const block = rendered.filter((each) => each["provisioner"] === CINDER).map(nameOf);
  const shared = cluster.sharedClass === undefined ? [] : [cluster.sharedClass];
  const isOwn = cluster.kind === "own";
  const classes = {
    ...(isOwn ? { all: new Set([...rendered.map(nameOf), ...cinder, ...shared]) } : {}),
    block: new Set([...cinder, ...block]),
    hasDefault: isOwn ? rendered.some(isDefault) : undefined,
  };
  const takesPods = ({ role }: ServerPlan): boolean =>
    role === "workers" || (role === "controlPlane" && cluster.schedulableControlPlane);
  return { ...sizes, classes, ...(isOwn ? { nodes: servers.filter(takesPods) } : {}) };
}

function nameOf({ metadata }: Manifest): string {
  return metadata.name;
}

function isDefault(manifest: Manifest): boolean {
  return fieldOf(manifest, "metadata", "annotations", DEFAULT_CLASS) === "true";
}
