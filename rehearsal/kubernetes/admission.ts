/** What an API server fills in at admission. Only defaults that something reads or that a user sees. */
import type { PlainMap, PlainValue } from "../../provider-protocol";

import { isPlainMap, listAt, mapsAt, textAt, withDefaults, withFields } from "./fields";
import type { Kind } from "./kinds";

type Defaulting = (object: PlainMap) => PlainMap;

/** By `group/Kind`. Source: the API reference's "Defaults to …". */
const DEFAULTS: Readonly<Record<string, Defaulting>> = {
  "/Namespace": (object) =>
    withFields(withDefaults(object, ["spec"], { finalizers: ["kubernetes"] }), ["metadata", "labels"], {
      "kubernetes.io/metadata.name": textAt(object, "metadata", "name"),
    }),
  "/PersistentVolume": (object) =>
    withDefaults(object, ["spec"], { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" }),
  "/PersistentVolumeClaim": (object) => withDefaults(object, ["spec"], { volumeMode: "Filesystem" }),
  "/Pod": (object) => withDefaults(object, ["spec"], { dnsPolicy: "ClusterFirst", restartPolicy: "Always" }),
  "/Secret": (object) => withDefaults(object, [], { type: "Opaque" }),
  "/Service": service,
  "apps/DaemonSet": (object) =>
    withDefaults(object, ["spec"], {
      revisionHistoryLimit: 10,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    }),
  "apps/Deployment": deployment,
  "apps/StatefulSet": (object) =>
    withDefaults(object, ["spec"], {
      podManagementPolicy: "OrderedReady",
      replicas: 1,
      revisionHistoryLimit: 10,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    }),
  "batch/CronJob": (object) =>
    withDefaults(object, ["spec"], {
      concurrencyPolicy: "Allow",
      failedJobsHistoryLimit: 1,
      successfulJobsHistoryLimit: 3,
      suspend: false,
    }),
  "batch/Job": (object) =>
    withDefaults(object, ["spec"], {
      backoffLimit: 6,
      completionMode: "NonIndexed",
      completions: 1,
      parallelism: 1,
      suspend: false,
    }),
  "rbac.authorization.k8s.io/ClusterRoleBinding": binding,
  "rbac.authorization.k8s.io/RoleBinding": binding,
  "scheduling.k8s.io/PriorityClass": (object) =>
    withDefaults(object, [], { preemptionPolicy: "PreemptLowerPriority" }),
  "storage.k8s.io/StorageClass": (object) =>
    withDefaults(object, [], { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
};

/** The object with the server's defaults. Addresses, ports and status come later: they need the cluster. */
export function admitted(kind: Kind, object: PlainMap): PlainMap {
  return DEFAULTS[`${kind.group}/${kind.kind}`]?.(object) ?? object;
}

function deployment(object: PlainMap): PlainMap {
  const strategy = textAt(object, "spec", "strategy", "type") || "RollingUpdate";
  const limits = strategy === "RollingUpdate" ? { maxSurge: "25%", maxUnavailable: "25%" } : undefined;
  const withReplicas = withDefaults(object, ["spec"], {
    progressDeadlineSeconds: 600,
    replicas: 1,
    revisionHistoryLimit: 10,
  });
  const withStrategy = withDefaults(withReplicas, ["spec", "strategy"], { type: strategy });
  return limits === undefined
    ? withStrategy
    : withDefaults(withStrategy, ["spec", "strategy", "rollingUpdate"], limits);
}

function service(object: PlainMap): PlainMap {
  const type = textAt(object, "spec", "type") || "ClusterIP";
  const ports = mapsAt(object, "spec", "ports").map((port) => ({
    protocol: "TCP",
    ...(port["port"] === undefined ? {} : { targetPort: port["port"] }),
    ...port,
  }));
  const outside = type === "NodePort" || type === "LoadBalancer";
  const spec: PlainMap = {
    type,
    sessionAffinity: "None",
    ...(type === "ExternalName" ? {} : { internalTrafficPolicy: "Cluster" }),
    ...(outside ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
  };
  const defaulted = withDefaults(object, ["spec"], spec);
  return ports.length === 0 ? defaulted : withFields(defaulted, ["spec"], { ports });
}

const RBAC_GROUP = "rbac.authorization.k8s.io";

function binding(object: PlainMap): PlainMap {
  const withGroup = withDefaults(object, ["roleRef"], { apiGroup: RBAC_GROUP });
  const subjects = listAt(object, "subjects").map((subject): PlainValue => {
    if (!isPlainMap(subject) || subject["kind"] === "ServiceAccount") return subject;
    return { apiGroup: RBAC_GROUP, ...subject };
  });
  return subjects.length === 0 ? withGroup : { ...withGroup, subjects };
}
