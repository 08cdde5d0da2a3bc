/** When a set is done, and why an object is not ready yet. */
import type { PlainMap, PlainValue } from "../../provider-protocol";
import { groupOf, isPlainMap } from "./entries";
import type { GroupKind } from "./entries";

export const READINESS = ["none", "applied", "ready"] as const;
/**
 * When a set is done. `none`: the API server accepted every object. `applied`: they still exist when all are applied.
 * `ready`: workloads are rolled out, claims bound, definitions served.
 */
export type Readiness = (typeof READINESS)[number];

/** Why an object is not ready, in plain words; undefined if it is. */
export function waitsFor(object: PlainMap): string | undefined {
  const group = groupOf(textAt(object, "apiVersion"));
  return RULES[`${group}/${textAt(object, "kind")}`]?.(object);
}

/** Whether there is anything to wait for. */
export function isAwaited({ group, kind }: GroupKind): boolean {
  return `${group}/${kind}` in RULES;
}

type Rule = (object: PlainMap) => string | undefined;

const RULES: Readonly<Record<string, Rule>> = {
  "/Namespace": (object) => phase(object, ["Active"]),
  "/PersistentVolumeClaim": (object) => phase(object, ["Bound"]),
  "/Pod": (object) => condition(object, "Ready"),
  "/Service": loadBalancer,
  "apiextensions.k8s.io/CustomResourceDefinition": (object) => condition(object, "Established"),
  "apiregistration.k8s.io/APIService": (object) => condition(object, "Available"),
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
};

function phase(object: PlainMap, ready: readonly string[]): string | undefined {
  const found = textAt(object, "status", "phase");
  return ready.includes(found) ? undefined : `is ${found === "" ? "not seen by its controller yet" : found}`;
}

function condition(object: PlainMap, type: string): string | undefined {
  const found = conditionsOf(object).find((each) => each["type"] === type);
  if (found === undefined) return `has no condition ${type} yet`;
  if (found["status"] === "True") return undefined;
  return `is not ${type}${because(found)}`;
}

function loadBalancer(object: PlainMap): string | undefined {
  if (textAt(object, "spec", "type") !== "LoadBalancer") return undefined;
  const ingress = valueAt(object, "status", "loadBalancer", "ingress");
  return Array.isArray(ingress) && ingress.length > 0
    ? undefined
    : "has no address of a load balancer yet; see the cloud controller's log";
}

function deployment(object: PlainMap): string | undefined {
  const unseen = notObserved(object);
  if (unseen !== undefined) return unseen;
  const stuck = conditionsOf(object).find(
    (each) =>
      (each["type"] === "ReplicaFailure" && each["status"] === "True") ||
      (each["type"] === "Progressing" && each["status"] === "False"),
  );
  if (stuck !== undefined) return `does not roll out${because(stuck)}`;
  return rolledOut(object, ["updatedReplicas", "availableReplicas"]);
}

function statefulSet(object: PlainMap): string | undefined {
  return notObserved(object) ?? rolledOut(object, ["updatedReplicas", "readyReplicas"]);
}

function rolledOut(object: PlainMap, counts: readonly string[]): string | undefined {
  const wanted = numberAt(object, 1, "spec", "replicas");
  const ready = Math.min(...counts.map((name) => numberAt(object, 0, "status", name)));
  return ready >= wanted ? undefined : `has ${ready} of ${wanted} replicas ready`;
}

function daemonSet(object: PlainMap): string | undefined {
  const unseen = notObserved(object);
  if (unseen !== undefined) return unseen;
  const wanted = numberAt(object, 0, "status", "desiredNumberScheduled");
  const ready = Math.min(
    numberAt(object, 0, "status", "updatedNumberScheduled"),
    numberAt(object, 0, "status", "numberReady"),
  );
  return ready >= wanted ? undefined : `is ready on ${ready} of ${wanted} nodes`;
}

function job(object: PlainMap): string | undefined {
  const failed = conditionsOf(object).find((each) => each["type"] === "Failed" && each["status"] === "True");
  if (failed !== undefined) return `failed${because(failed)}`;
  const wanted = numberAt(object, 1, "spec", "completions");
  const done = numberAt(object, 0, "status", "succeeded");
  return done >= wanted ? undefined : `has ${done} of ${wanted} completions`;
}

/** The controller has not observed the last apply yet. */
function notObserved(object: PlainMap): string | undefined {
  const generation = numberAt(object, 1, "metadata", "generation");
  return numberAt(object, 0, "status", "observedGeneration") >= generation
    ? undefined
    : "is not seen by its controller yet";
}

function because(condition: PlainMap): string {
  const message = textAt(condition, "message") || textAt(condition, "reason");
  return message === "" ? "" : `: ${message}`;
}

export function conditionsOf(object: PlainMap): readonly PlainMap[] {
  const conditions = valueAt(object, "status", "conditions");
  return Array.isArray(conditions) ? (conditions as readonly PlainValue[]).filter(isPlainMap) : [];
}

export function valueAt(object: PlainMap, ...path: readonly string[]): PlainValue | undefined {
  return path.reduce<PlainValue | undefined>((at, key) => (isPlainMap(at) ? at[key] : undefined), object);
}

export function textAt(object: PlainMap, ...path: readonly string[]): string {
  const value = valueAt(object, ...path);
  return typeof value === "string" ? value : "";
}

function numberAt(object: PlainMap, otherwise: number, ...path: readonly string[]): number {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : otherwise;
}
