/** The package `labstead` of the built-in cloud: the real one, except that it queries the built-in clusters. */
import { ENVIRONMENT_LABEL, labsteadPackage, NOTHING_MADE, realCloud } from "../../provider/labstead";
import type {
  ClusterAccess,
  LabsteadOptions,
  NamespaceProbe,
  Nodes,
  NodeTarget,
  Probe,
  SignOfLife,
} from "../../provider/labstead";
import type { PackageHandler } from "../../provider-protocol";
import type { OpenStackChoice } from "../../rehearsal/cloud";
import type { Clusters } from "../../rehearsal/kubernetes/clusters";
import { textAt } from "../../rehearsal/kubernetes/fields";
import { clusterOf } from "../../rehearsal/kubernetes/identity";
import { builtInKind } from "../../rehearsal/kubernetes/kinds";
import { storeObjects } from "./store-objects";

/** Version of the API server that the clusters report. */
const SERVER_VERSION = "v1.36.3";

/** Where its resources are, and what a person allows. */
export interface RehearsedOptions extends Pick<LabsteadOptions, "deletesData" | "skipDrain"> {
  /** On a real cloud, what clusters have made there is real too; the built-in one runs no controllers. @default the built-in one */
  readonly openstack?: OpenStackChoice;
}

export function rehearsedLabstead(
  clusters: Clusters,
  { openstack = { kind: "local" }, ...options }: RehearsedOptions = {},
): PackageHandler {
  return labsteadPackage({
    ...options,
    probe: storeProbe(clusters),
    namespaceProbe: storeNamespaceProbe(clusters),
    nodes: storeNodes(clusters),
    openCluster: storeObjects(clusters),
    cloud: openstack.kind === "local" ? NOTHING_MADE : realCloud(openstack),
    machines: { kind: "none", because: "the servers of the built-in cloud do not run" },
  });
}

function identityOf({ server, ca }: ClusterAccess): string {
  return clusterOf(server, ca);
}

/** Answers the gate as the cluster in the store would. */
function storeProbe(clusters: Clusters): Probe {
  const namespaces = builtInKind("v1", "Namespace");
  return async ({ access, nodes }) => {
    const identity = identityOf(access);
    const problem = clusters.unreachable(identity);
    clusters.startServer(identity);
    if (problem !== undefined) return { kind: "waiting", answer: problem };
    const ready = clusters.nodes(identity) ?? nodes;
    if (ready < nodes) return { kind: "waiting", answer: `${ready} of ${nodes} nodes are ready` };
    const system =
      namespaces &&
      (await clusters.cluster(identity).get(namespaces, { namespace: "", name: "kube-system" }));
    return {
      kind: "ready",
      serverVersion: SERVER_VERSION,
      clusterId: textAt(system ?? {}, "metadata", "uid"),
    };
  };
}

/** Kinds by the resources that the API's paths name. */
const OBJECTS: Readonly<Record<string, SignOfLife>> = {
  ResourceQuota: "resourcequotas",
  PersistentVolumeClaim: "persistentvolumeclaims",
  Service: "services",
  Pod: "pods",
};

/** Answers for a namespace as the cluster in the store would. */
function storeNamespaceProbe(clusters: Clusters): NamespaceProbe {
  const namespaces = builtInKind("v1", "Namespace");
  return async ({ access, namespace, listObjects }) => {
    const identity = identityOf(access);
    const problem = clusters.unreachable(identity);
    if (problem !== undefined) return { kind: "waiting", answer: problem };
    const api = clusters.cluster(identity);
    const found = namespaces && (await api.get(namespaces, { namespace: "", name: namespace }));
    if (found === undefined) return { kind: "absent" };
    const within = listObjects
      ? [...api.objects()].filter((each) => textAt(each, "metadata", "namespace") === namespace)
      : [];
    return {
      kind: "present",
      environment: textAt(found, "metadata", "labels", ENVIRONMENT_LABEL),
      terminating: false,
      objects: [...new Set(within.flatMap((each) => OBJECTS[textAt(each, "kind")] ?? []))],
    };
  };
}

/** Every requested node exists, Ready and empty: the built-in cluster runs nothing. */
function storeNodes(clusters: Clusters): Nodes {
  const answer = <Answer>({ access }: NodeTarget, given: Answer) => {
    const problem = clusters.unreachable(identityOf(access));
    return Promise.resolve(problem === undefined ? given : ({ kind: "waiting", answer: problem } as const));
  };
  return {
    find: (target) => answer(target, { kind: "present", uid: target.node, ready: true, providerId: "" }),
    cordon: (target) => answer(target, { kind: "done" }),
    pods: (target) => answer(target, { kind: "pods", pods: [] }),
    evict: (target) => answer(target, { kind: "evicted" }),
    remove: (target) => answer(target, { kind: "done" }),
  };
}
