/** What the bridge knows about Kubernetes kinds: their scope, their turn, their Pulumi type. */

/** Groups that are built into every API server; kinds of other groups are custom resources. */
export const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);

/** Built-in cluster-scoped kinds, `kubectl api-resources --namespaced=false` of Kubernetes 1.36. */
export const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  "/Namespace",
  "/Node",
  "/PersistentVolume",
  "admissionregistration.k8s.io/MutatingAdmissionPolicy",
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apiregistration.k8s.io/APIService",
  "certificates.k8s.io/CertificateSigningRequest",
  "certificates.k8s.io/ClusterTrustBundle",
  "flowcontrol.apiserver.k8s.io/FlowSchema",
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
  "networking.k8s.io/IngressClass",
  "networking.k8s.io/IPAddress",
  "networking.k8s.io/ServiceCIDR",
  "node.k8s.io/RuntimeClass",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "resource.k8s.io/DeviceClass",
  "resource.k8s.io/DeviceTaintRule",
  "resource.k8s.io/ResourceSlice",
  "scheduling.k8s.io/PriorityClass",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/StorageClass",
  "storage.k8s.io/VolumeAttachment",
  "storage.k8s.io/VolumeAttributesClass",
  "storagemigration.k8s.io/StorageVersionMigration",
]);

/** Scope of a kind's objects; `unknown` for custom resources. */
export type Scope = "namespace" | "cluster" | "unknown";

/** The scope of a kind as the API server itself defines it. */
export function scopeOf(group: string, kind: string): Scope {
  if (CLUSTER_SCOPED.has(`${group}/${kind}`)) return "cluster";
  return BUILT_IN_GROUPS.has(group) ? "namespace" : "unknown";
}

/** The group of an apiVersion, empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** The Pulumi type token, `kubernetes:apps/v1:Deployment`; the core group is spelled `core`. */
export function typeToken(apiVersion: string, kind: string): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/**
 * The turn of a kind among objects that do not depend on each other. The engine processes a limited number of resources
 * at a time: a workload that waits for a queued ConfigMap would occupy one of its slots for minutes.
 */
const TURNS: Readonly<Record<string, number>> = {
  Namespace: 0,
  CustomResourceDefinition: 0,
  PriorityClass: 0,
  StorageClass: 0,
  RuntimeClass: 0,
  IngressClass: 0,
  ValidatingAdmissionPolicy: 0,
  ResourceQuota: 1,
  LimitRange: 1,
  ServiceAccount: 1,
  Secret: 1,
  ConfigMap: 1,
  ClusterRole: 1,
  ClusterRoleBinding: 1,
  Role: 1,
  RoleBinding: 1,
  NetworkPolicy: 1,
  PersistentVolume: 1,
  PersistentVolumeClaim: 1,
  Service: 1,
  ValidatingAdmissionPolicyBinding: 1,
  Ingress: 3,
  APIService: 3,
  MutatingWebhookConfiguration: 3,
  ValidatingWebhookConfiguration: 3,
};

/** Kinds that have a turn of their own. */
export const KINDS_WITH_TURNS: readonly string[] = Object.keys(TURNS);

/** Workloads and custom resources. */
const USUAL_TURN = 2;

/** Kinds of lower turns are ready as soon as they exist: nothing waits for pods. */
export const READY_TURNS = USUAL_TURN;

/** Number of turns. */
export const TURN_COUNT = 4;

/** The turn of a kind, starting at 0. */
export function turnOf(kind: string): number {
  return TURNS[kind] ?? USUAL_TURN;
}

/**
 * Fields that an API server does not let change, but that the provider would update in place: by kind, as in
 * `ValidateStorageClassUpdate` of Kubernetes 1.36, without those (provisioner, parameters) for which the provider
 * itself replaces the object.
 */
const FIXED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "storage.k8s.io/StorageClass": ["reclaimPolicy", "volumeBindingMode"],
};

/** Kinds with such fields, as `group/Kind`. */
export const KINDS_WITH_FIXED_FIELDS: readonly string[] = Object.keys(FIXED_FIELDS);

/** Fields of a kind whose change replaces the object. */
export function fixedFields(group: string, kind: string): readonly string[] {
  return FIXED_FIELDS[`${group}/${kind}`] ?? [];
}

/** Whether Pulumi waits for an object of this kind by default, see `ObjectOptions.skipAwait`. */
export function skipsAwait(kind: string, spec: unknown): boolean {
  switch (kind) {
    case "Ingress":
    case "PersistentVolumeClaim":
      return true;
    case "Service":
      return !(typeof spec === "object" && spec !== null && "type" in spec && spec.type === "LoadBalancer");
    default:
      return false;
  }
}
