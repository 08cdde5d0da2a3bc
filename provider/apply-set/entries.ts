/** How the engine sees an object of a set: a key that identifies it, and a keyed digest of its manifest. */
import { createHmac } from "node:crypto";

import { isList, isMap } from "../../provider-protocol";
import type { PlainMap, PlainValue } from "../../provider-protocol";

/** Digits of a digest in hexadecimal: 128 bits. */
const DIGEST_LENGTH = 32;

/** Identity of an object, independent of its API version. */
export interface ObjectRef {
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Empty outside of namespaces. */
  readonly namespace: string;
  readonly name: string;
}

/** A kind in all its versions. */
export type GroupKind = Pick<ObjectRef, "group" | "kind">;

/** `Deployment.apps`; `Service` in the core group. As KEP-3659 writes kinds. */
export function groupKindText({ group, kind }: GroupKind): string {
  return group === "" ? kind : `${kind}.${group}`;
}

/** @param text as {@link groupKindText} writes it */
export function parseGroupKind(text: string): GroupKind {
  const dot = text.indexOf(".");
  return dot < 0 ? { group: "", kind: text } : { group: text.slice(dot + 1), kind: text.slice(0, dot) };
}

/** `datalab/api/Deployment.apps`; `/datalab/Namespace` outside of namespaces. No Kubernetes name contains a slash. */
export function entryKey(ref: ObjectRef): string {
  return `${ref.namespace}/${ref.name}/${groupKindText(ref)}`;
}

/** @param key as {@link entryKey} writes it */
export function parseEntryKey(key: string): ObjectRef {
  const [namespace = "", name = "", groupKind = ""] = key.split("/");
  return { ...parseGroupKind(groupKind), namespace, name };
}

/** The object that a manifest describes; undefined if it names none. */
export function refOf(manifest: PlainMap): ObjectRef | undefined {
  const { apiVersion, kind, metadata } = manifest;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isPlainMap(metadata)) return undefined;
  const { name, namespace = "" } = metadata;
  if (typeof name !== "string" || typeof namespace !== "string") return undefined;
  if (apiVersion === "" || kind === "" || name === "") return undefined;
  return { group: groupOf(apiVersion), kind, namespace, name };
}

/** The group of an apiVersion; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/**
 * The digest of a manifest, the same for any order of its fields. It is keyed by the stack's salt, since a plain one
 * would reveal a short password to guessing; and bound to the key, so that equal manifests have different digests.
 */
export function digestOf(salt: string, key: string, manifest: PlainMap): string {
  const text = JSON.stringify(sorted(manifest));
  return createHmac("sha256", salt).update(`${key}\0${text}`).digest("hex").slice(0, DIGEST_LENGTH);
}

function sorted(value: PlainValue): PlainValue {
  if (isList(value)) return value.map(sorted);
  if (!isPlainMap(value)) return value;
  const fields: Record<string, PlainValue> = {};
  for (const name of Object.keys(value).sort()) fields[name] = sorted(value[name] ?? null);
  return fields;
}

export function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return isMap(value);
}
