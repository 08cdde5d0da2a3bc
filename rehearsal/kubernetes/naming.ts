/** Names and ids of objects as the official provider makes them. */
import { createHash, randomBytes } from "node:crypto";

import { isMap, reveal } from "../../provider-protocol";
import type { CheckRequest, PlainMap, PropertyMap, PropertyValue } from "../../provider-protocol";

import type { ObjectName } from "./api";
import { identityOf } from "./fields";
import { AUTO_NAMED, isAutoNamed } from "./replacement";

/** Hexadecimal digits of a made name. */
const NAME_DIGITS = 8;

/** With a name: the given one, the one made earlier, or `<resource name>-<8 hex digits>`. */
export function named(inputs: PropertyMap, { oldInputs, name, urn, randomSeed }: CheckRequest): PropertyMap {
  const metadata = mapOf(inputs["metadata"]);
  if ((metadata["name"] ?? "") !== "") return inputs;
  const earlier = isAutoNamed(oldInputs) ? mapOf(oldInputs["metadata"])["name"] : undefined;
  const annotations = { ...mapOf(metadata["annotations"]), [AUTO_NAMED]: "true" };
  const made = earlier ?? `${name}-${suffix(urn, randomSeed)}`;
  return { ...inputs, metadata: { ...metadata, annotations, name: made } };
}

function suffix(urn: string, seed: Uint8Array): string {
  const bytes = seed.length > 0 ? seed : randomBytes(16);
  return createHash("sha256").update(urn).update(bytes).digest("hex").slice(0, NAME_DIGITS);
}

/** The map that a value is, or holds as a secret; empty if it is none. */
export function mapOf(value: PropertyValue | undefined): PropertyMap {
  const plain = value === undefined ? undefined : reveal(value);
  return isMap(plain) ? plain : {};
}

/** The Pulumi id: `namespace/name`, or the name outside of namespaces. */
export function idOf(live: PlainMap): string {
  const { namespace, name } = identityOf(live);
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The object that a manifest describes. */
export function objectNameOf(manifest: PropertyMap): ObjectName {
  const { namespace, name } = mapOf(manifest["metadata"]);
  return { namespace: textOf(namespace), name: textOf(name) };
}

function textOf(value: PropertyValue | undefined): string {
  const plain = value === undefined ? undefined : reveal(value);
  return typeof plain === "string" ? plain : "";
}

/** The object of a Pulumi id. */
export function nameOf(id: string): ObjectName {
  const slash = id.indexOf("/");
  return { namespace: slash < 0 ? "" : id.slice(0, slash), name: id.slice(slash + 1) };
}
