/** RBAC of MetalLB, as in its own manifests of 0.16, without what its webhook and its BGP routers need. */
import type { ResourceRule } from "../../../kit";
import { METALLB_GROUP as GROUP } from "./definitions";
import { METALLB_CONTROLLER } from "./names";

const READ = ["get", "list", "watch"] as const;
const WRITE = ["create", "update", "patch", "delete"] as const;
const CONFIGURATION = [
  "bfdprofiles",
  "bgpadvertisements",
  "bgppeers",
  "communities",
  "ipaddresspools",
  "l2advertisements",
];

/** The controller gives addresses to Services. */
export const CONTROLLER_RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["services", "namespaces"], verbs: READ },
  { apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] },
  { apiGroups: [""], resources: ["services/status"], verbs: ["update"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

/** A speaker answers for the addresses of Services whose pods its node has. */
export const SPEAKER_RULES: readonly ResourceRule[] = [
  { apiGroups: [""], resources: ["services", "nodes", "namespaces"], verbs: READ },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

/** In MetalLB's namespace: its configuration, and what each of them reports. */
const SHARED: readonly ResourceRule[] = [
  { apiGroups: [GROUP], resources: CONFIGURATION, verbs: READ },
  {
    apiGroups: [GROUP],
    resources: ["configurationstates", "servicel2statuses", "servicebgpstatuses"],
    verbs: [...READ, ...WRITE],
  },
  {
    apiGroups: [GROUP],
    resources: ["configurationstates/status", "servicel2statuses/status", "servicebgpstatuses/status"],
    verbs: ["get", "update", "patch"],
  },
];

export const CONTROLLER_NAMESPACE_RULES: readonly ResourceRule[] = [
  ...SHARED,
  { apiGroups: [GROUP], resources: ["ipaddresspools/status"], verbs: ["update"] },
  // The key of the speakers' messages, which it makes.
  { apiGroups: [""], resources: ["secrets"], verbs: [...READ, "create"] },
  { apiGroups: ["apps"], resources: ["deployments"], resourceNames: [METALLB_CONTROLLER], verbs: ["get"] },
];

export const SPEAKER_NAMESPACE_RULES: readonly ResourceRule[] = [
  ...SHARED,
  // The other speakers, and secrets that BGP peers may name.
  { apiGroups: [""], resources: ["pods", "secrets", "configmaps"], verbs: READ },
];
