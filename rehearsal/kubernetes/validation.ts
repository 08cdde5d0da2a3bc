/** What an API server refuses, beyond the shape of an object. Texts are those of Kubernetes. */
import { isMap, reveal } from "../../provider-protocol";
import type { PlainMap, PropertyMap } from "../../provider-protocol";

import { ApiError, invalid } from "./api-error";
import type { FieldError } from "./api-error";
import { changeErrors } from "./changes";
import { identityOf, mapAt, mapsAt, textAt, valueAt } from "./fields";
import type { Kind } from "./kinds";
import { isSecretObject } from "./secrets";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

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
  const errors = changeErrors(kind, before, after);
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

function nameErrors(kind: Kind, object: PlainMap): readonly FieldError[] {
  const { name } = identityOf(object);
  if (name === "") return ["metadata.name: Required value: name or generateName is required"];
  const value = `metadata.name: Invalid value: "${name}": `;
  if (kind.group === "rbac.authorization.k8s.io") return pathErrors(name).map((error) => `${value}${error}`);
  const isLabel = kind.group === "" && ["Namespace", "Service"].includes(kind.kind);
  const longest = isLabel ? LABEL_LENGTH : NAME_LENGTH;
  if (name.length > longest) return [`${value}must be no more than ${longest} characters`];
  const wrong = (isLabel ? LABEL : SUBDOMAIN).test(name) ? [] : [`${value}${nameRule(isLabel)}`];
  return isLabel && name.includes(".") ? [...wrong, `${value}must not contain dots`] : wrong;
}

/** Names of roles and bindings become part of a path, and may be anything else. */
function pathErrors(name: string): readonly string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((sign) => name.includes(sign)).map((sign) => `may not contain '${sign}'`);
}

function nameRule(isLabel: boolean): string {
  return isLabel
    ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
}

/** The API server names no field here: it writes an empty path. */
function tooLong(object: PlainMap, field: string): readonly FieldError[] {
  const bytes = Object.values(mapAt(object, field)).reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? Buffer.byteLength(value) : 0),
    0,
  );
  return bytes > DATA_BYTES ? [`[]: Too long: may not be more than ${DATA_BYTES} bytes`] : [];
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
  const missing = valueAt(object, "spec", "selector") === undefined ? ["spec.selector: Required value"] : [];
  const labels = mapAt(object, "spec", "template", "metadata", "labels");
  const wanted = Object.entries(mapAt(object, "spec", "selector", "matchLabels"));
  return missing.length === 0 && wanted.every(([key, value]) => labels[key] === value)
    ? []
    : [
        ...missing,
        `spec.template.metadata.labels: Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
      ];
}
