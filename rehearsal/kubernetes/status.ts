/** The status of an object after its controllers have run: here they run at once. */
import type { PlainMap, PlainValue } from "../../provider-protocol";

import { listAt, mapAt, numberAt, textAt, withDefaults, withFields } from "./fields";
import type { Kind } from "./kinds";

/** What controllers know beside the object. */
export interface Surroundings {
  /** RFC 3339, seconds. */
  readonly now: string;
  /** Nodes on which a DaemonSet runs. */
  readonly nodes: number;
  /** The volumeBindingMode of a class; undefined if the cluster has no such class. The empty name means the default. */
  bindingMode(storageClass: string | undefined): string | undefined;
  /** Address of the cloud's load balancer before a Service. */
  loadBalancerAddress(service: PlainMap): string;
}

/** What the one ingress controller reports as its own address (RFC 5737, for documentation). */
const INGRESS_ADDRESS = "198.51.100.254";

type Controller = (object: PlainMap, around: Surroundings) => PlainMap;

const CONTROLLERS: Readonly<Record<string, Controller>> = {
  "/Namespace": (object) => status(object, { phase: "Active" }),
  "/PersistentVolume": (object) => status(object, { phase: "Available" }),
  "/PersistentVolumeClaim": claim,
  "/Pod": (object, { now }) =>
    status(object, { phase: "Running", startTime: now, conditions: [condition("Ready", now)] }),
  "/ResourceQuota": (object) =>
    status(object, { hard: mapAt(object, "spec", "hard"), used: zeros(mapAt(object, "spec", "hard")) }),
  "/Service": (object, around) =>
    status(object, {
      loadBalancer:
        textAt(object, "spec", "type") === "LoadBalancer"
          ? { ingress: [{ ip: around.loadBalancerAddress(object), ipMode: "VIP" }] }
          : {},
    }),
  "apiextensions.k8s.io/CustomResourceDefinition": (object, { now }) =>
    status(object, {
      acceptedNames: mapAt(object, "spec", "names"),
      conditions: [condition("NamesAccepted", now), condition("Established", now)],
    }),
  "apiregistration.k8s.io/APIService": (object, { now }) =>
    status(object, { conditions: [condition("Available", now)] }),
  "apps/DaemonSet": (object, { nodes }) =>
    status(object, {
      currentNumberScheduled: nodes,
      desiredNumberScheduled: nodes,
      numberAvailable: nodes,
      numberMisscheduled: 0,
      numberReady: nodes,
      observedGeneration: generation(object),
      updatedNumberScheduled: nodes,
    }),
  "apps/Deployment": (object, { now }) =>
    status(withDefaults(object, ["metadata", "annotations"], { "deployment.kubernetes.io/revision": "1" }), {
      ...running(object),
      conditions: [condition("Available", now), condition("Progressing", now)],
    }),
  "apps/ReplicaSet": (object) => status(object, running(object)),
  "apps/StatefulSet": (object) => status(object, { ...running(object), currentReplicas: replicas(object) }),
  "batch/Job": (object, { now }) =>
    status(object, {
      completionTime: now,
      conditions: [condition("Complete", now)],
      startTime: now,
      succeeded: numberAt(object, "spec", "completions") ?? 1,
    }),
  "networking.k8s.io/Ingress": (object) =>
    status(object, { loadBalancer: { ingress: [{ ip: INGRESS_ADDRESS }] } }),
  "policy/PodDisruptionBudget": (object) => status(object, { observedGeneration: generation(object) }),
};

/** The object after its controllers' work. */
export function reconciled(kind: Kind, object: PlainMap, around: Surroundings): PlainMap {
  return CONTROLLERS[`${kind.group}/${kind.kind}`]?.(object, around) ?? object;
}

function status(object: PlainMap, fields: PlainMap): PlainMap {
  return { ...object, status: fields };
}

function condition(type: string, now: string): PlainValue {
  return { type, status: "True", lastTransitionTime: now };
}

function running(object: PlainMap): PlainMap {
  const count = replicas(object);
  return {
    observedGeneration: generation(object),
    replicas: count,
    // The API server leaves out what is zero.
    ...(count === 0 ? {} : { availableReplicas: count, readyReplicas: count, updatedReplicas: count }),
  };
}

function replicas(object: PlainMap): number {
  return numberAt(object, "spec", "replicas") ?? 1;
}

function generation(object: PlainMap): number {
  return numberAt(object, "metadata", "generation") ?? 1;
}

function zeros(hard: PlainMap): PlainMap {
  return Object.fromEntries(Object.keys(hard).map((name) => [name, "0"]));
}

/** A claim whose class waits for a consumer, or whose class does not exist, stays pending. */
function claim(object: PlainMap, around: Surroundings): PlainMap {
  const named = mapAt(object, "spec")["storageClassName"];
  const mode = around.bindingMode(typeof named === "string" ? named : undefined);
  const bound = textAt(object, "spec", "volumeName") !== "" || mode === "Immediate";
  if (!bound) return status(object, { phase: "Pending" });
  const volumeName = `pvc-${textAt(object, "metadata", "uid")}`;
  return status(withDefaults(object, ["spec"], { volumeName }), {
    accessModes: listAt(object, "spec", "accessModes"),
    capacity: mapAt(object, "spec", "resources", "requests"),
    phase: "Bound",
  });
}

/** The object as written, with its first metadata. */
export function withCreationFields(object: PlainMap, uid: string, now: string): PlainMap {
  return withFields(object, ["metadata"], { creationTimestamp: now, generation: 1, uid });
}
