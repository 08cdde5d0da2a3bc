/** The environment of applications on an existing cluster, as far as the cluster says it. Pure. */
import { parseCidr, cidrText } from "../../environment/addresses";
import { fieldOf, listAt } from "../../deploy/manifest";
import type { PlainMap } from "../../provider-protocol";
import type { ClusterFacts, ClusterObject } from "./cluster-facts";
import type { Assumption, Unplaced } from "./unplaced";

export interface InferredCluster {
  readonly environment: PlainMap;
  readonly assumptions: readonly Assumption[];
  readonly unplaced: readonly Unplaced[];
}

/** Programs that enforce NetworkPolicies, by the names of their DaemonSets. */
const ENFORCING = /calico|canal|cilium|kube-router|weave|antrea|ovn/;
/** Provisioners of volumes that many pods write at once. */
const SHARED = /nfs|cephfs|manila|gluster|efs\.csi|file\.csi/;
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
const DEFAULT_INGRESS = "ingressclass.kubernetes.io/is-default-class";
const UNKNOWN = "unknown";

export function clusterEnvironment(facts: ClusterFacts, domain: string): InferredCluster {
  const storage = storageOf(facts);
  const ingress = ingressOf(facts);
  const policies = facts.daemonSets
    .map((each) => metadataOf(each, "name"))
    .filter((name) => ENFORCING.test(name));
  const serviceCidr = listAt(facts.serviceCidrs[0], "spec", "cidrs")
    .map(String)
    .find((cidr) => !cidr.includes(":"));
  const devices = devicesOf(facts.nodes);
  const nodeLabels = nodeLabelsOf(facts.nodes);
  const environment: PlainMap = {
    domain,
    cluster: {
      kind: "existing",
      version: facts.version,
      nodeCidr: nodeCidrOf(facts.nodes),
      serviceCidr: serviceCidr ?? "10.96.0.0/12",
      storage: storage.config,
      ingress: ingress.config,
      enforcesPolicies: policies.length > 0,
      ...(devices.length === 0 ? {} : { devices }),
      ...(nodeLabels.length === 0 ? {} : { nodeLabels }),
    },
  };
  return {
    environment,
    assumptions: [
      {
        setting: "cluster.nodeCidr",
        assumed: nodeCidrOf(facts.nodes),
        why: "the smallest network of all nodes' addresses; the real one may be wider",
      },
      ...(serviceCidr === undefined
        ? [
            {
              setting: "cluster.serviceCidr",
              assumed: "10.96.0.0/12",
              why: "the API server has no ServiceCIDR object that this user may read",
            },
          ]
        : []),
      {
        setting: "cluster.enforcesPolicies",
        assumed: String(policies.length > 0),
        why:
          policies.length > 0
            ? `it runs ${policies.join(", ")}`
            : "no DaemonSet is known as one that enforces NetworkPolicies",
      },
    ],
    unplaced: [...storage.unplaced, ...ingress.unplaced, ...applicationsOf(facts, ingress.namespace)],
  };
}

/** Empty if there is none. */
function textAt(object: unknown, ...path: readonly string[]): string {
  const found = fieldOf(object, ...path);
  return typeof found === "string" ? found : "";
}

function metadataOf(object: ClusterObject, name: "name" | "namespace"): string {
  return textAt(object, "metadata", name);
}

/** Of no narrower than /24. */
function nodeCidrOf(nodes: readonly ClusterObject[]): string {
  const addresses = nodes.flatMap((node) =>
    listAt(node, "status", "addresses").flatMap((each) =>
      fieldOf(each, "type") === "InternalIP" && !textAt(each, "address").includes(":")
        ? [textAt(each, "address")]
        : [],
    ),
  );
  const [first = "10.0.0.0"] = addresses;
  for (let prefix = 24; prefix > 0; prefix--) {
    const network = parseCidr(`${first}/${String(prefix)}`);
    if (addresses.every((each) => parseCidr(`${each}/${String(prefix)}`).base === network.base))
      return cidrText(network);
  }
  return "0.0.0.0/0";
}

function storageOf({ storageClasses }: ClusterFacts): {
  readonly config: PlainMap;
  readonly unplaced: readonly Unplaced[];
} {
  const isShared = (each: ClusterObject): boolean => SHARED.test(textAt(each, "provisioner"));
  const blocks = storageClasses.filter((each) => !isShared(each));
  const block = blocks.find((each) => annotation(each, DEFAULT_CLASS) === "true") ?? blocks[0];
  const shared = storageClasses.find(isShared);
  const used = [block, shared];
  return {
    config: {
      block: block === undefined ? UNKNOWN : metadataOf(block, "name"),
      ...(shared === undefined ? {} : { shared: metadataOf(shared, "name") }),
    },
    unplaced: [
      ...(block === undefined
        ? [missing("storage class", "no class for volumes of one node", "cluster.storage.block")]
        : []),
      ...storageClasses
        .filter((each) => !used.includes(each))
        .map((each) => ({
          ...{
            kind: "storage class",
            name: metadataOf(each, "name"),
            why: "the environment names one class of each sort",
          },
          way: "let it stay as it is, or write it in place of the other one below cluster.storage",
        })),
    ],
  };
}

function annotation(object: ClusterObject, name: string): string {
  return textAt(object, "metadata", "annotations", name);
}

interface IngressResult {
  readonly config: PlainMap;
  readonly namespace: string;
  readonly unplaced: readonly Unplaced[];
}

/** The default class, or the only one, and the workload that has the name of its controller. */
function ingressOf(facts: ClusterFacts): IngressResult {
  const { ingressClasses } = facts;
  const byDefault = ingressClasses.find((each) => annotation(each, DEFAULT_INGRESS) === "true");
  const chosen = byDefault ?? ingressClasses[0];
  const className = chosen === undefined ? UNKNOWN : metadataOf(chosen, "name");
  const controller = textAt(chosen, "spec", "controller");
  const workload = [...facts.deployments, ...facts.daemonSets].find((each) => {
    const name = textAt(each, "spec", "template", "metadata", "labels", "app.kubernetes.io/name");
    return name !== "" && (controller.includes(name) || className === name);
  });
  const namespace = workload === undefined ? UNKNOWN : metadataOf(workload, "namespace");
  const podLabels = fieldOf(workload, "spec", "selector", "matchLabels");
  const others = ingressClasses.filter((each) => each !== chosen);
  return {
    namespace,
    config: { className, namespace, ...(workload === undefined ? {} : { podLabels: podLabels as PlainMap }) },
    unplaced: [
      ...(chosen === undefined
        ? [missing("ingress class", "the cluster has none", "cluster.ingress.className")]
        : []),
      ...(workload === undefined
        ? [
            missing(
              "ingress controller",
              `no workload has the name of ${controller === "" ? "a controller" : controller}`,
              "cluster.ingress.namespace and podLabels",
            ),
          ]
        : []),
      ...others.map((each) => ({
        ...{ kind: "ingress class", name: metadataOf(each, "name"), why: "an environment uses one" },
        way: "let it stay as it is, or write it into cluster.ingress",
      })),
    ],
  };
}

function missing(kind: string, why: string, setting: string): Unplaced {
  return { kind, name: UNKNOWN, why, way: `write ${setting} by hand` };
}

/** Resources of nodes beside those of Kubernetes itself. */
function devicesOf(nodes: readonly ClusterObject[]): readonly string[] {
  const names = nodes.flatMap((node) => Object.keys(fieldOf(node, "status", "allocatable") ?? {}));
  return [
    ...new Set(names.filter((name) => name.includes("/") && !/(^|\.)kubernetes\.io\//.test(name))),
  ].sort();
}

/** Labels that are another one on every node, or another's copy. */
const OF_ONE_NODE = /^(kubernetes\.io\/hostname|beta\.kubernetes\.io\/.*|.*\/node-?name)$/;

/** One entry for each group of nodes that are alike. */
function nodeLabelsOf(nodes: readonly ClusterObject[]): readonly PlainMap[] {
  const groups = new Map<string, PlainMap>();
  for (const node of nodes) {
    const labels = Object.entries((fieldOf(node, "metadata", "labels") ?? {}) as PlainMap)
      .filter(([name]) => !OF_ONE_NODE.test(name))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (labels.length > 0) groups.set(JSON.stringify(labels), Object.fromEntries(labels));
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, labels]) => labels);
}

const SYSTEM = /^(kube-.*|default)$/;

/** Hubs by the labels of zero-to-jupyterhub; other namespaces with workloads as a whole. */
function applicationsOf(facts: ClusterFacts, ingressNamespace: string): readonly Unplaced[] {
  const workloads = [...facts.deployments, ...facts.statefulSets, ...facts.daemonSets];
  const hubs = facts.deployments.filter(isHub);
  const ofHubs = new Set(hubs.map((each) => metadataOf(each, "namespace")));
  const others = [...new Set(workloads.map((each) => metadataOf(each, "namespace")))]
    .filter((name) => !SYSTEM.test(name) && name !== ingressNamespace && !ofHubs.has(name))
    .sort();
  return [
    ...hubs.map((hub) => ({
      kind: "hub",
      name: `${metadataOf(hub, "namespace")}/${metadataOf(hub, "name")}`,
      why: "a hub by zero-to-jupyterhub's labels; what it offers is in its Helm values, which are not read",
      way: `write it below apps.hubs with a namespace of its own, move the homes, then remove the old release (docs/adoption.md)`,
    })),
    ...others.map((name) => ({
      ...{
        kind: "namespace",
        name,
        why: "none of its workloads has the labels of an application that is known here",
      },
      way: "let it stay as it is: an environment touches its own namespaces only",
    })),
  ];
}

function isHub(deployment: ClusterObject): boolean {
  const label = (name: string): string => textAt(deployment, "metadata", "labels", name);
  const isOfHub = label("app") === "jupyterhub" || label("app.kubernetes.io/name") === "jupyterhub";
  return isOfHub && [label("component"), label("app.kubernetes.io/component")].includes("hub");
}
