/** What an API server refuses to change. Texts are those of Kubernetes 1.36. */
import { isMap, sameValue } from "../../provider-protocol";
import type { PlainMap, PlainValue } from "../../provider-protocol";

import type { FieldError } from "./api-error";
import { listAt, mapAt, textAt, valueAt, without } from "./fields";
import type { Kind } from "./kinds";
import { VOLUME_SOURCES } from "./replacement";

/** Every change of an object that its kind does not allow. */
export function changeErrors(kind: Kind, before: PlainMap, after: PlainMap): readonly FieldError[] {
  return CHANGES[`${kind.group}/${kind.kind}`]?.(before, after) ?? [];
}

type ChangeCheck = (before: PlainMap, after: PlainMap) => readonly FieldError[];

const IMMUTABLE = "field is immutable";
const WHEN_SET = "field is immutable when `immutable` is set";

const CHANGES: Readonly<Record<string, ChangeCheck>> = {
  "/ConfigMap": (before, after) => frozen(before, after, ["binaryData", "data"]),
  "/PersistentVolume": volume,
  "/PersistentVolumeClaim": claim,
  "/Pod": pod,
  "/ResourceQuota": (before, after) => constant(before, after, [["spec", "scopes"]]),
  "/Secret": (before, after) => [...constant(before, after, [["type"]]), ...frozen(before, after, ["data"])],
  "/Service": service,
  "apps/DaemonSet": (before, after) => constant(before, after, [["spec", "selector"]]),
  "apps/Deployment": (before, after) => constant(before, after, [["spec", "selector"]]),
  "apps/StatefulSet": statefulSet,
  "batch/Job": (before, after) =>
    constant(before, after, [
      ["spec", "completions"],
      ["spec", "selector"],
      ["spec", "template"],
    ]),
  "networking.k8s.io/IngressClass": (before, after) => constant(before, after, [["spec", "controller"]]),
  "rbac.authorization.k8s.io/ClusterRoleBinding": roleRef,
  "rbac.authorization.k8s.io/RoleBinding": roleRef,
  "scheduling.k8s.io/PriorityClass": (before, after) =>
    sameValue(before["value"], after["value"]) ? [] : ["value: Forbidden: may not be changed in an update."],
  "storage.k8s.io/StorageClass": (before, after) =>
    constant(before, after, [["parameters"], ["provisioner"], ["reclaimPolicy"], ["volumeBindingMode"]]),
};

function constant(
  before: PlainMap,
  after: PlainMap,
  paths: readonly (readonly string[])[],
): readonly FieldError[] {
  return paths
    .filter((path) => !sameValue(valueAt(before, ...path), valueAt(after, ...path)))
    .map((path) => {
      const value = JSON.stringify(valueAt(after, ...path) ?? null);
      return `${path.join(".")}: Invalid value: ${value}: ${IMMUTABLE}`;
    });
}

function frozen(before: PlainMap, after: PlainMap, fields: readonly string[]): readonly FieldError[] {
  if (before["immutable"] !== true) return [];
  const thawed = after["immutable"] === true ? [] : [`immutable: Forbidden: ${WHEN_SET}`];
  const changed = fields.filter((field) => !sameValue(before[field], after[field]));
  return [...thawed, ...changed.map((field) => `${field}: Forbidden: ${WHEN_SET}`)];
}

function roleRef(before: PlainMap, after: PlainMap): readonly FieldError[] {
  const value = JSON.stringify(after["roleRef"] ?? null);
  return sameValue(before["roleRef"], after["roleRef"])
    ? []
    : [`roleRef: Invalid value: ${value}: cannot change roleRef`];
}

/** An address that a Service has is its own until it is deleted. */
function service(before: PlainMap, after: PlainMap): readonly FieldError[] {
  const [was, is] = [before, after].map((object) => textAt(object, "spec", "clusterIP"));
  const external = [before, after].some((object) => textAt(object, "spec", "type") === "ExternalName");
  if (was === is || was === "" || external) return [];
  return [`spec.clusterIPs[0]: Invalid value: ${JSON.stringify([is])}: may not change once set`];
}

function volume(before: PlainMap, after: PlainMap): readonly FieldError[] {
  const source = (object: PlainMap): readonly (PlainValue | undefined)[] =>
    VOLUME_SOURCES.map((name) => valueAt(object, "spec", name));
  const same = VOLUME_SOURCES.every((_, index) => sameValue(source(before)[index], source(after)[index]));
  return same
    ? []
    : ["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"];
}

const POD_FIXED =
  "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

function pod(before: PlainMap, after: PlainMap): readonly FieldError[] {
  return sameValue(fixedPod(before), fixedPod(after)) ? [] : [POD_FIXED];
}

function fixedPod(object: PlainMap): PlainMap {
  const imageless = (field: string): readonly PlainValue[] =>
    listAt(object, "spec", field).map((each) => (isMap(each) ? without(each, "image") : each));
  const spec = ["activeDeadlineSeconds", "tolerations"].reduce(without, mapAt(object, "spec"));
  return { ...spec, containers: imageless("containers"), initContainers: imageless("initContainers") };
}

const STATEFUL_SET_IN_PLACE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

function statefulSet(before: PlainMap, after: PlainMap): readonly FieldError[] {
  const fixed = (object: PlainMap): PlainMap => STATEFUL_SET_IN_PLACE.reduce(without, mapAt(object, "spec"));
  return sameValue(fixed(before), fixed(after))
    ? []
    : [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ];
}

const CLAIM_FIXED =
  "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/** The pod of a claim runs at once here, so that every claim counts as bound. */
function claim(before: PlainMap, after: PlainMap): readonly FieldError[] {
  const fixed = (object: PlainMap): PlainMap => without(mapAt(object, "spec"), "resources");
  const changed = sameValue(fixed(before), fixed(after)) ? [] : [CLAIM_FIXED];
  const mode = valueAt(after, "spec", "volumeMode");
  const remade = sameValue(valueAt(before, "spec", "volumeMode"), mode)
    ? []
    : [`volumeMode: Invalid value: ${JSON.stringify(mode)}: ${IMMUTABLE}`];
  return [...changed, ...remade, ...shrunk(before, after)];
}

function shrunk(before: PlainMap, after: PlainMap): readonly FieldError[] {
  const [was, is] = [before, after].map((object) =>
    bytes(textAt(object, "spec", "resources", "requests", "storage")),
  );
  return was !== undefined && is !== undefined && is < was
    ? ["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"]
    : [];
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** Bytes of a quantity such as `10Gi`; undefined if it is none. */
function bytes(quantity: string): number | undefined {
  const [, number, unit = ""] = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = UNITS[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
