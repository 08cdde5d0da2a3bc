/** What an API server refuses, beyond the shape of an object. Texts are those of Kubernetes. */
import { isMap, reveal, sameValue } from "../../provider/rpc";
import type { PlainMap, PropertyMap } from "../../provider/rpc";

import { ApiError, invalid } from "./api-error";
import type { FieldError } from "./api-error";
import { identityOf, mapAt, mapsAt, textAt, valueAt, without } from "./fields";
import type { Kind } from "./kinds";
import { isSecretObject } from "./secrets";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SERVICE_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Longest DNS label and longest name of an object, RFC 1123. */
const LABEL_LENGTH = 63;
const NAME_LENGTH = 253;

/** Bytes that the data of a ConfigMap may have. Source: `MaxSecretSize` of the API, which both kinds use. */
const DATA_BYTES = 1024 * 1024;

/** Refuses an object that no cluster would take. @throws ApiError */
export function validateNew(kind: Kind, object: PlainMap): void {
  const errors = [...nameErrors(kind, object), ...(CHECKS[`${kind.group}/${kind.kind}`]?.(object) ?? [])];
  if (errors.length > 0) throw invalid(kind, identityOf(object).name, errors);
}

/** Refuses a change of what cannot change. @throws ApiError */
export function validateChange(kind: Kind, before: PlainMap, after: PlainMap): void {
  validateNew(kind, after);
  const errors = CHANGES[`${kind.group}/${kind.kind}`]?.(before, after) ?? [];
  if (errors.length > 0) throw invalid(kind, identityOf(after).name, errors);
}

/** Refuses a Secret that cannot even be read: its data is not base64. Asked before secret values are put away. */
export function validateReadable(manifest: PropertyMap): void {
  const data = isSecretObject(manifest) ? reveal(manifest["data"] ?? null) : null;
  for (const value of isMap(data) ? Object.values(data) : []) {
    if (typeof value !== "string") continue;
    const wrong = value.search(/[^A-Za-z0-9+/=\r\n]/);
    if (wrong < 0 && value.replaceAll(/[\r\n]/g, "").length % 4 === 0) continue;
    throw new ApiError(
      "BadRequest",
      `Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte ${wrong < 0 ? value.length : wrong}`,
    );
  }
}

type Check = (object: PlainMap) => readonly FieldError[];

const CHECKS: Readonly<Record<string, Check>> = {
  "/ConfigMap": (object) => tooLong(object, "data"),
  "/Service": servicePorts,
  "apps/DaemonSet": selector,
  "apps/Deployment": selector,
  "apps/StatefulSet": selector,
};

type ChangeCheck = (before: PlainMap, after: PlainMap) => readonly FieldError[];

const IMMUTABLE = "field is immutable";
const WHEN_SET = "field is immutable when `immutable` is set";

const CHANGES: Readonly<Record<string, ChangeCheck>> = {
  "/ConfigMap": (before, after) => frozen(before, after, ["binaryData", "data"]),
  "/PersistentVolumeClaim": claim,
  "/Secret": (before, after) => [...constant(before, after, [["type"]]), ...frozen(before, after, ["data"])],
  "apps/DaemonSet": (before, after) => constant(before, after, [["spec", "selector"]]),
  "apps/Deployment": (before, after) => constant(before, after, [["spec", "selector"]]),
  "apps/StatefulSet": statefulSet,
  "batch/Job": (before, after) =>
    constant(before, after, [
      ["spec", "completions"],
      ["spec", "selector"],
      ["spec", "template"],
    ]),
  "rbac.authorization.k8s.io/ClusterRoleBinding": roleRef,
  "rbac.authorization.k8s.io/RoleBinding": roleRef,
  "storage.k8s.io/StorageClass": storageClass,
};

function nameErrors(kind: Kind, object: PlainMap): readonly FieldError[] {
  const { name } = identityOf(object);
  if (name === "") return ["metadata.name: Required value: name or generateName is required"];
  const value = `metadata.name: Invalid value: "${name}": `;
  if (kind.group === "rbac.authorization.k8s.io") {
    return /[/%]/.test(name) || name === "." || name === ".."
      ? [`${value}may not contain '/' or '%', and may not be '.' or '..'`]
      : [];
  }
  const isService = kind.kind === "Service" && kind.group === "";
  const isLabel = isService || (kind.kind === "Namespace" && kind.group === "");
  const longest = isLabel ? LABEL_LENGTH : NAME_LENGTH;
  if (name.length > longest) return [`${value}must be no more than ${longest} characters`];
  const pattern = isService ? SERVICE_LABEL : isLabel ? LABEL : SUBDOMAIN;
  return pattern.test(name) ? [] : [`${value}${nameRule(isService, isLabel)}`];
}

function nameRule(isService: boolean, isLabel: boolean): string {
  if (isService)
    return "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
  return isLabel
    ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
}

function tooLong(object: PlainMap, field: string): readonly FieldError[] {
  const bytes = Object.values(mapAt(object, field)).reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? Buffer.byteLength(value) : 0),
    0,
  );
  return bytes > DATA_BYTES ? [`${field}: Too long: may not be more than ${DATA_BYTES} bytes`] : [];
}

function servicePorts(object: PlainMap): readonly FieldError[] {
  const ports = mapsAt(object, "spec", "ports");
  const headless = textAt(object, "spec", "clusterIP") === "None";
  const type = textAt(object, "spec", "type");
  if (ports.length === 0) return headless || type === "ExternalName" ? [] : ["spec.ports: Required value"];
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`;
    const unnamed = ports.length > 1 && textAt(port, "name") === "" ? [`${at}.name: Required value`] : [];
    const closed =
      port["nodePort"] !== undefined && type === "ClusterIP"
        ? [`${at}.nodePort: Forbidden: may not be used when \`type\` is 'ClusterIP'`]
        : [];
    return [...unnamed, ...closed];
  });
}

function selector(object: PlainMap): readonly FieldError[] {
  if (valueAt(object, "spec", "selector") === undefined) return ["spec.selector: Required value"];
  const labels = mapAt(object, "spec", "template", "metadata", "labels");
  const wanted = Object.entries(mapAt(object, "spec", "selector", "matchLabels"));
  return wanted.every(([key, value]) => labels[key] === value)
    ? []
    : [
        `spec.template.metadata.labels: Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
      ];
}

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

function storageClass(before: PlainMap, after: PlainMap): readonly FieldError[] {
  return ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]
    .filter((field) => !sameValue(before[field], after[field]))
    .map((field) =>
      field === "volumeBindingMode"
        ? `${field}: Invalid value: ${JSON.stringify(after[field])}: ${IMMUTABLE}`
        : `${field}: Forbidden: updates to ${field} are forbidden.`,
    );
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

function claim(before: PlainMap, after: PlainMap): readonly FieldError[] {
  const fixed = (object: PlainMap): PlainMap => without(mapAt(object, "spec"), "resources");
  if (!sameValue(fixed(before), fixed(after)))
    return [
      "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    ];
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
