import { groupOf } from "./kinds";

/** A rendered Kubernetes object: JSON, with markers for values that are known later. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
  readonly [field: string]: unknown;
}

export interface ManifestMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of keys, undefined if there is none. */
export function fieldOf(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((below, key) => (isJsonObject(below) ? below[key] : undefined), value);
}

/** The list at a path of keys, an empty one if there is none. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = fieldOf(value, ...keys);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

/** The fields that identify an object, or which of them are missing. */
export function asManifest(value: unknown): Manifest | string {
  if (!isJsonObject(value)) return "is no object";
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== "string" || apiVersion === "") return "has no apiVersion";
  if (typeof kind !== "string" || kind === "") return "has no kind";
  const name = fieldOf(metadata, "name");
  if (typeof name !== "string" || name === "") return `${kind} has no metadata.name`;
  const namespace = fieldOf(metadata, "namespace");
  if (namespace !== undefined && typeof namespace !== "string")
    return `${kind} "${name}" has a namespace that is no text`;
  return {
    ...value,
    apiVersion,
    kind,
    metadata: { ...(metadata as JsonObject), name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** The identity that objects of any version of a kind share. */
export function identityOf({ apiVersion, kind, metadata }: Manifest): string {
  const group = groupOf(apiVersion);
  return `${group === "" ? kind : `${group}/${kind}`} ${qualifiedName(metadata)}`;
}

/** The name with the namespace, if the object has one. */
export function qualifiedName({ namespace, name }: Manifest["metadata"]): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
