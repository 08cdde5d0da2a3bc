/** RBAC of Calico, as in its own manifests of 3.32. */
import type { ResourceRule, Verb } from "../../../kit";

const READ: readonly Verb[] = ["get", "list", "watch"];
const WATCH: readonly Verb[] = ["list", "watch"];
const WRITE: readonly Verb[] = ["get", "list", "create", "update", "delete"];

const rule = (group: string, resources: readonly string[], verbs: readonly Verb[]): ResourceRule => ({
  apiGroups: [group],
  resources,
  verbs,
});
const core = (resources: readonly string[], verbs: readonly Verb[]): ResourceRule =>
  rule("", resources, verbs);
/** Calico's own resources; the second group is that of its API server, which is not installed: both are asked. */
const own = (resources: readonly string[], verbs: readonly Verb[]): ResourceRule => ({
  apiGroups: ["crd.projectcalico.org", "projectcalico.org"],
  resources,
  verbs,
});

/** Where addresses are kept. */
const ADDRESSES = ["blockaffinities", "ipamblocks", "ipamhandles"];
const ADDRESS_SETTINGS = ["ipamconfigurations", "ipamconfigs"];

/** Of the pods on nodes: addresses, routes, policies; and a token for the plugin that containerd calls. */
export const NODE_RULES: readonly ResourceRule[] = [
  { ...core(["serviceaccounts/token"], ["create"]), resourceNames: ["calico-cni-plugin"] },
  core(["pods", "nodes", "namespaces"], READ),
  core(["serviceaccounts"], WATCH),
  core(["endpoints", "services"], READ),
  core(["configmaps"], ["get"]),
  core(["nodes/status"], ["patch", "update"]),
  core(["pods/status"], ["patch"]),
  rule("discovery.k8s.io", ["endpointslices"], WATCH),
  rule("networking.k8s.io", ["networkpolicies"], WATCH),
  rule("policy.networking.k8s.io", ["clusternetworkpolicies"], WATCH),
  rule("apps", ["daemonsets"], ["get"]),
  // Asked in every cluster, and found in none without virtual machines.
  rule("kubevirt.io", ["virtualmachineinstancemigrations"], READ),
  own(
    [
      ...["felixconfigurations", "globalfelixconfigs", "bgpconfigurations", "globalbgpconfigs"],
      ...["bgppeers", "bgpfilters", "ippools", "ipreservations", "clusterinformations", "hostendpoints"],
      ...["globalnetworkpolicies", "stagedglobalnetworkpolicies", "networkpolicies", "tiers"],
      ...["stagednetworkpolicies", "stagedkubernetesnetworkpolicies", "globalnetworksets", "networksets"],
      ...["caliconodestatuses", ...ADDRESSES],
    ],
    READ,
  ),
  own(["tiers"], ["create"]),
  own(
    ["ippools", "felixconfigurations", "bgpconfigurations", "bgppeers", "clusterinformations"],
    ["create", "update"],
  ),
  own(["caliconodestatuses"], ["update"]),
  own(ADDRESSES, ["create", "update", "delete"]),
  own(ADDRESS_SETTINGS, ["get", "create"]),
];

/** Of the plugin that containerd calls for each pod: an address, and a note of it on the pod. */
export const PLUGIN_RULES: readonly ResourceRule[] = [
  core(["pods", "nodes", "namespaces"], ["get"]),
  core(["pods/status"], ["patch"]),
  own([...ADDRESSES, ...ADDRESS_SETTINGS, "clusterinformations", "ippools", "ipreservations"], WRITE),
  rule("kubevirt.io", ["virtualmachineinstances", "virtualmachines"], ["get"]),
];

/** Of the controllers: they free addresses of nodes and pods that are gone. */
export const CONTROLLER_RULES: readonly ResourceRule[] = [
  core(["nodes", "pods", "namespaces", "services"], READ),
  own(["ipreservations", "ippools"], WATCH),
  own([...ADDRESSES, ...ADDRESS_SETTINGS, "tiers", "hostendpoints"], [...WRITE, "watch"]),
  own(["clusterinformations", "kubecontrollersconfigurations"], [...READ, "create", "update"]),
  own(["kubecontrollersconfigurations/status"], ["get", "update"]),
  // It gives policies of earlier releases their present names.
  own(
    ["networkpolicies", "stagednetworkpolicies", "globalnetworkpolicies", "stagedglobalnetworkpolicies"],
    [...WRITE, "watch"],
  ),
  rule("apps", ["daemonsets", "deployments"], READ),
  // It waits for a migration of its state, which is not offered here: it may see that there is none, and no more.
  rule("apiextensions.k8s.io", ["customresourcedefinitions"], READ),
  rule("migration.projectcalico.org", ["datastoremigrations"], READ),
  rule("kubevirt.io", ["virtualmachines", "virtualmachineinstances"], READ),
];
