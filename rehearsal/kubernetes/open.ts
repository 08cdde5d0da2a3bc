/** The packages that look at clusters: `kubernetes`, and our own `labstead`, which asks the same store. */
import { ENVIRONMENT_LABEL, labsteadPackage } from "../../provider/labstead";
import type {
  ClusterAccess,
  NamespaceProbe,
  Nodes,
  NodeTarget,
  Probe,
  SignOfLife,
} from "../../provider/labstead";
import type { PackageHandler } from "../../provider-protocol";
import { textAt } from "./fields";
import { Clusters } from "./clusters";
import type { ClusterSurroundings } from "./clusters";
import { clusterOf } from "./identity";
import { builtInKind } from "./kinds";
import { kubernetesPackage } from "./package";

/** Version of the API server that the clusters say they are. */
const SERVER_VERSION = "v1.36.3";

/** Packages over one store. */
export interface ClusterPackages {
  readonly kubernetes: PackageHandler;
  readonly labstead: PackageHandler;
  readonly clusters: Clusters;
}

/** @param directory where the clusters' file is kept */
export function clusterPackages(directory: string, surroundings: ClusterSurroundings = {}): ClusterPackages {
  const clusters = new Clusters(directory, surroundings);
  return {
    clusters,
    kubernetes: kubernetesPackage(clusters),
    labstead: labsteadPackage({
      probe: storeProbe(clusters),
      namespaceProbe: storeNamespaceProbe(clusters),
      nodes: storeNodes(clusters),
      machines: { kind: "none", because: "the servers of the built-in cloud do not run" },
    }),
  };
}

interface Opened {
  readonly handler: PackageHandler;
  close(): void;
}

/** Packages of folders that are open in this process. */
const shared = new Map<string, ClusterPackages & { users: number }>();

export interface ClusterContext {
  readonly directory: string;
  /** Socket of whoever runs the machines; their API servers come late by themselves. @default no machines run */
  readonly machines?: string;
}

/** The package `kubernetes` of a folder. */
export function openKubernetes(context: ClusterContext): Opened {
  return { handler: sharing(context).kubernetes, close: () => release(context) };
}

/** The package `labstead` of a folder: the real one, except that it looks into the store. */
export function openLabstead(context: ClusterContext): Opened {
  return { handler: sharing(context).labstead, close: () => release(context) };
}

function sharing({ directory, machines }: ClusterContext): ClusterPackages {
  const packages = shared.get(directory) ?? {
    ...clusterPackages(directory, { late: machines === undefined }),
    users: 0,
  };
  packages.users++;
  shared.set(directory, packages);
  return packages;
}

function release({ directory }: ClusterContext): void {
  const packages = shared.get(directory);
  if (packages === undefined || --packages.users > 0) return;
  packages.clusters.close();
  shared.delete(directory);
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
    clusters.awaited(identity);
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
const SIGNS: Readonly<Record<string, SignOfLife>> = {
  ResourceQuota: "resourcequotas",
  PersistentVolumeClaim: "persistentvolumeclaims",
  Service: "services",
  Pod: "pods",
};

/** Answers for a namespace as the cluster in the store would. */
function storeNamespaceProbe(clusters: Clusters): NamespaceProbe {
  const namespaces = builtInKind("v1", "Namespace");
  return async ({ access, namespace, inside }) => {
    const identity = identityOf(access);
    const problem = clusters.unreachable(identity);
    if (problem !== undefined) return { kind: "waiting", answer: problem };
    const api = clusters.cluster(identity);
    const found = namespaces && (await api.get(namespaces, { namespace: "", name: namespace }));
    if (found === undefined) return { kind: "absent" };
    const within = inside
      ? [...api.objects()].filter((each) => textAt(each, "metadata", "namespace") === namespace)
      : [];
    return {
      kind: "present",
      environment: textAt(found, "metadata", "labels", ENVIRONMENT_LABEL),
      terminating: false,
      signs: [...new Set(within.flatMap((each) => SIGNS[textAt(each, "kind")] ?? []))],
    };
  };
}

/** Every node that is asked for is there, Ready and empty: the built-in cluster runs nothing. */
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
