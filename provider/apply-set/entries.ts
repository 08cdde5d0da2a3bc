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

/** What identifies an object, of a manifest that is known to name one. */
interface NamedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

/** Key of the object that a manifest describes. */
export function manifestKey({ apiVersion, kind, metadata: { name, namespace = "" } }: NamedManifest): string {
  return entryKey({ group: groupOf(apiVersion), kind, namespace, name });
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

/** JSON, the same for any order of fields. */
export function canonicalText(manifest: PlainMap): string {
  return JSON.stringify(sorted(manifest));
}

/**
 * The digest of a manifest. It is keyed by the stack's salt, since a plain one would reveal a short password to guessing;
 * and bound to the key, so that equal manifests have different digests.
 * @param text as {@link canonicalText} writes it
 */
export function digestOf(salt: string, key: string, text: string): string {
  return createHmac("sha256", salt).update(`${key}\0${text}`).digest("hex").slice(0, DIGEST_LENGTH);
}

function sorted(value: PlainValue): PlainValue {
  if (isList(value)) return value.map(sorted);
  if (!isPlainMap(value)) return value;
  // Not by assignment, which would set the prototype for a field named __proto__.
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name] ?? null)]),
  );
}

export function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return isMap(value);
}
