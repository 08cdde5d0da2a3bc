/** The kinds that an API server of Kubernetes 1.36 serves by itself, and how Pulumi's type tokens name them. */

/** A kind of object as the API server serves it. */
export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Fields of an object beside `apiVersion`, `kind` and `metadata`; undefined: any (custom resources). */
  readonly fields: readonly string[] | undefined;
}

const SPEC = ["spec", "status"];
const SPEC_ONLY = ["spec"];
const EVENT_TIMES = ["action", "eventTime", "reason", "related", "series", "type"];
const WEBHOOKS = ["webhooks"];

/** By apiVersion and kind: the fields. Beta and alpha versions are off by default on an API server, so they are not here. */
const BUILT_IN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  v1: {
    Binding: ["target"],
    ConfigMap: ["binaryData", "data", "immutable"],
    Endpoints: ["subsets"],
    Event: [
      ...EVENT_TIMES,
      "count",
      "firstTimestamp",
      "involvedObject",
      "lastTimestamp",
      "message",
      "reportingComponent",
      "reportingInstance",
      "source",
    ],
    LimitRange: SPEC_ONLY,
    Namespace: SPEC,
    Node: SPEC,
    PersistentVolume: SPEC,
    PersistentVolumeClaim: SPEC,
    Pod: SPEC,
    PodTemplate: ["template"],
    ReplicationController: SPEC,
    ResourceQuota: SPEC,
    Secret: ["data", "immutable", "stringData", "type"],
    Service: SPEC,
    ServiceAccount: ["automountServiceAccountToken", "imagePullSecrets", "secrets"],
  },
  "admissionregistration.k8s.io/v1": {
    MutatingAdmissionPolicy: SPEC_ONLY,
    MutatingAdmissionPolicyBinding: SPEC_ONLY,
    MutatingWebhookConfiguration: WEBHOOKS,
    ValidatingAdmissionPolicy: SPEC,
    ValidatingAdmissionPolicyBinding: SPEC_ONLY,
    ValidatingWebhookConfiguration: WEBHOOKS,
  },
  "apiextensions.k8s.io/v1": { CustomResourceDefinition: SPEC },
  "apiregistration.k8s.io/v1": { APIService: SPEC },
  "apps/v1": {
    ControllerRevision: ["data", "revision"],
    DaemonSet: SPEC,
    Deployment: SPEC,
    ReplicaSet: SPEC,
    StatefulSet: SPEC,
  },
  "autoscaling/v1": { HorizontalPodAutoscaler: SPEC },
  "autoscaling/v2": { HorizontalPodAutoscaler: SPEC },
  "batch/v1": { CronJob: SPEC, Job: SPEC },
  "certificates.k8s.io/v1": {
    CertificateSigningRequest: SPEC,
    ClusterTrustBundle: SPEC_ONLY,
    PodCertificateRequest: SPEC,
  },
  "coordination.k8s.io/v1": { Lease: SPEC_ONLY },
  "discovery.k8s.io/v1": { EndpointSlice: ["addressType", "endpoints", "ports"] },
  "events.k8s.io/v1": {
    Event: [
      ...EVENT_TIMES,
      "deprecatedCount",
      "deprecatedFirstTimestamp",
      "deprecatedLastTimestamp",
      "deprecatedSource",
      "note",
      "regarding",
      "reportingController",
      "reportingInstance",
    ],
  },
  "flowcontrol.apiserver.k8s.io/v1": { FlowSchema: SPEC, PriorityLevelConfiguration: SPEC },
  "networking.k8s.io/v1": {
    Ingress: SPEC,
    IngressClass: SPEC_ONLY,
    IPAddress: SPEC_ONLY,
    NetworkPolicy: SPEC,
    ServiceCIDR: SPEC,
  },
  "node.k8s.io/v1": { RuntimeClass: ["handler", "overhead", "scheduling"] },
  "policy/v1": { PodDisruptionBudget: SPEC },
  "rbac.authorization.k8s.io/v1": {
    ClusterRole: ["aggregationRule", "rules"],
    ClusterRoleBinding: ["roleRef", "subjects"],
    Role: ["rules"],
    RoleBinding: ["roleRef", "subjects"],
  },
  "resource.k8s.io/v1": {
    DeviceClass: SPEC_ONLY,
    DeviceTaintRule: SPEC,
    ResourceClaim: SPEC,
    ResourceClaimTemplate: SPEC_ONLY,
    ResourceSlice: SPEC_ONLY,
  },
  "scheduling.k8s.io/v1": {
    PriorityClass: ["description", "globalDefault", "preemptionPolicy", "value"],
  },
  "storage.k8s.io/v1": {
    CSIDriver: SPEC_ONLY,
    CSINode: SPEC,
    CSIStorageCapacity: ["capacity", "maximumVolumeSize", "nodeTopology", "storageClassName"],
    StorageClass: [
      "allowVolumeExpansion",
      "allowedTopologies",
      "mountOptions",
      "parameters",
      "provisioner",
      "reclaimPolicy",
      "volumeBindingMode",
    ],
    VolumeAttachment: SPEC,
    VolumeAttributesClass: ["driverName", "parameters"],
  },
  "storagemigration.k8s.io/v1": { StorageVersionMigration: SPEC },
};

/** Kinds outside of namespaces, `kubectl api-resources --namespaced=false`. No two groups share one of these names. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  "APIService",
  "CSIDriver",
  "CSINode",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "CustomResourceDefinition",
  "DeviceClass",
  "DeviceTaintRule",
  "FlowSchema",
  "IPAddress",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "ServiceCIDR",
  "StorageClass",
  "StorageVersionMigration",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

/** The built-in kind, or undefined for what only a CustomResourceDefinition can define. */
export function builtInKind(apiVersion: string, kind: string): Kind | undefined {
  const fields = BUILT_IN[apiVersion]?.[kind];
  if (fields === undefined) return undefined;
  return { group: groupOf(apiVersion), apiVersion, kind, namespaced: !CLUSTER_SCOPED.has(kind), fields };
}

/** True if the API server itself owns this group and version. */
export function isBuiltInVersion(apiVersion: string): boolean {
  return apiVersion in BUILT_IN;
}

/** Every built-in kind. */
export function builtInKinds(): readonly Kind[] {
  return Object.entries(BUILT_IN).flatMap(([apiVersion, kinds]) =>
    Object.keys(kinds).flatMap((kind) => builtInKind(apiVersion, kind) ?? []),
  );
}

/** The group of an apiVersion, empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** The kind of a type token. */
export interface TokenKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** `kubernetes:apps/v1:Deployment` as apiVersion and kind; `core/v1` is `v1`. Undefined for any other token. */
export function kindOfToken(token: string): TokenKind | undefined {
  const [pkg, version = "", kind = "", ...rest] = token.split(":");
  const wellFormed = pkg === "kubernetes" && rest.length === 0 && /^[^/]+\/[^/]+$/.test(version);
  if (!wellFormed || !/^[A-Z]\w*$/.test(kind) || /^helm\.sh\//.test(version)) return undefined;
  return { apiVersion: version.replace(/^core\//, ""), kind };
}
