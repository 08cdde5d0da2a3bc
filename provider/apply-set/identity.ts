/** A set in the cluster: its record, the label of its members and the name under which it owns fields. KEP-3659. */
import { createHash } from "node:crypto";

import type { PlainMap } from "../../provider-protocol";
import { groupKindText } from "./entries";
import type { GroupKind, ObjectRef } from "./entries";

/** Namespace and name of a set's record; both never change. */
export interface SetIdentity {
  readonly namespace: string;
  readonly name: string;
}

/** On each member: the id of its set. */
export const PART_OF = "applyset.kubernetes.io/part-of";

const ID = "applyset.kubernetes.io/id";
const TOOLING = "applyset.kubernetes.io/tooling";
const GROUP_KINDS = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES = "applyset.kubernetes.io/additional-namespaces";

/** The tool that may change a set, with the version of this format. */
const TOOL = "labstead/v1";

/** Computed once for a set: each of its objects has it. */
const ids = new WeakMap<SetIdentity, string>();

/** `applyset-<base64url(sha256(name.namespace.kind.group))>-v1` */
export function setId(set: SetIdentity): string {
  const known = ids.get(set);
  if (known !== undefined) return known;
  const hash = createHash("sha256").update(`${set.name}.${set.namespace}.ConfigMap.`).digest("base64url");
  const id = `applyset-${hash}-v1`;
  ids.set(set, id);
  return id;
}

/**
 * The owner of fields in the cluster's own record; one for each set, so that two sets cannot share an object without a
 * conflict.
 */
export function fieldManager({ namespace, name }: SetIdentity): string {
  return `labstead/${namespace}/${name}`;
}

/** The selector of a set's members. */
export function memberLabel(set: SetIdentity): string {
  return `${PART_OF}=${setId(set)}`;
}

/** The manifest as it is applied: as a member of the set. */
export function member(manifest: PlainMap, set: SetIdentity): PlainMap {
  const metadata = manifest["metadata"] as PlainMap;
  const labels = { ...(metadata["labels"] as PlainMap | undefined), [PART_OF]: setId(set) };
  return { ...manifest, metadata: { ...metadata, labels } };
}

/** Identity of the record. */
export function recordRef({ namespace, name }: SetIdentity): ObjectRef {
  return { group: "", kind: "ConfigMap", namespace, name };
}

/** The record: kinds and namespaces of the members. A run without other state finds all members by it. */
export function recordOf(
  set: SetIdentity,
  kinds: readonly string[],
  namespaces: readonly string[],
): PlainMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      namespace: set.namespace,
      name: set.name,
      labels: { [ID]: setId(set) },
      annotations: {
        [TOOLING]: TOOL,
        [GROUP_KINDS]: kinds.join(","),
        [NAMESPACES]: namespaces.filter((each) => each !== set.namespace).join(","),
      },
    },
  };
}

/** Content of a record. */
export interface RecordedScope {
  /** As {@link groupKindText} writes them. */
  readonly kinds: readonly string[];
  readonly namespaces: readonly string[];
}

/** @throws Error if the object is another tool's set, or no set at all */
export function readRecord(record: PlainMap, set: SetIdentity): RecordedScope {
  const metadata = record["metadata"] as PlainMap;
  const annotations = (metadata["annotations"] ?? {}) as Readonly<Record<string, string>>;
  const tool = annotations[TOOLING];
  if (tool !== TOOL) {
    const what = tool === undefined ? "is no record of a set" : `is a set of ${tool}`;
    throw new Error(`ConfigMap ${set.namespace}/${set.name} ${what}; give this set another name`);
  }
  const words = (text = ""): readonly string[] => text.split(",").filter((word) => word !== "");
  return {
    kinds: words(annotations[GROUP_KINDS]),
    namespaces: [set.namespace, ...words(annotations[NAMESPACES])],
  };
}

/** Kinds and namespaces of some objects, each once and sorted. */
export function scopeOf(objects: Iterable<ObjectRef>): RecordedScope {
  const kinds = new Set<string>();
  const namespaces = new Set<string>();
  for (const object of objects) {
    kinds.add(groupKindText(object satisfies GroupKind));
    if (object.namespace !== "") namespaces.add(object.namespace);
  }
  return { kinds: [...kinds].sort(), namespaces: [...namespaces].sort() };
}

/** Both together, each once and sorted. */
export function unitedScope(one: RecordedScope, other: RecordedScope): RecordedScope {
  const united = (a: readonly string[], b: readonly string[]): readonly string[] =>
    [...new Set([...a, ...b])].sort();
  return {
    kinds: united(one.kinds, other.kinds),
    namespaces: united(one.namespaces, other.namespaces),
  };
}
