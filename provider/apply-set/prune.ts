/** Which objects are deleted when they leave a set, and which are kept because they have data. */
import { entryKey, groupKindText, parseEntryKey } from "./entries";
import type { GroupKind, ObjectRef } from "./entries";

/** Kinds whose deletion deletes data: their own, or that of everything inside of them. */
const DATA_KINDS: ReadonlySet<string> = new Set([
  "CustomResourceDefinition.apiextensions.k8s.io",
  "Namespace",
  "PersistentVolume",
  "PersistentVolumeClaim",
]);

export function holdsData(kind: GroupKind): boolean {
  return DATA_KINDS.has(groupKindText(kind));
}

/** An object that the cluster lists with the label of the set. */
export interface ListedObject extends ObjectRef {
  readonly uid: string;
}

/** An object to delete. */
export interface Leaving extends ObjectRef {
  /** The object is deleted only if it is still this one. */
  readonly uid: string;
  /** Whether the cluster lists it as a member of the set; else it may have been moved to another set. */
  readonly listed: boolean;
}

export interface Pruning {
  readonly leaving: readonly Leaving[];
  /** Entry keys of objects that stay in the cluster although the set no longer declares them, sorted. */
  readonly kept: readonly string[];
}

export interface PruneInput {
  /** Entry keys that are declared now. */
  readonly declared: ReadonlySet<string>;
  /** UIDs of what was applied before, by entry key. */
  readonly known: ReadonlyMap<string, string>;
  readonly listed: readonly ListedObject[];
  /** Whether objects with data are deleted too. */
  readonly deletesData: boolean;
}

/**
 * Objects that are known or listed with the set's label, and no longer declared. A listed object is deleted by its
 * listed UID: a killed run may have recreated it, which the state does not know.
 */
export function pruned({ declared, known, listed, deletesData }: PruneInput): Pruning {
  const candidates = new Map<string, Leaving>();
  for (const [key, uid] of known) candidates.set(key, { ...parseEntryKey(key), uid, listed: false });
  for (const object of listed) candidates.set(entryKey(object), { ...object, listed: true });
  const undeclared = [...candidates].filter(([key]) => !declared.has(key));
  const stays = (object: ObjectRef): boolean => !deletesData && holdsData(object);
  return {
    leaving: undeclared.filter(([, object]) => !stays(object)).map(([, object]) => object),
    // An object that is no longer listed was deleted or released manually.
    kept: undeclared
      .filter(([, object]) => stays(object) && object.listed)
      .map(([key]) => key)
      .sort(),
  };
}
