/** What leaves the cluster when it leaves a set, and what stays because it holds data. */
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
  /** Whether the cluster lists it as one of the set; else somebody may have given it to another set. */
  readonly listed: boolean;
}

export interface Pruning {
  readonly leaving: readonly Leaving[];
  /** Entry keys of what stays in the cluster although the set no longer declares it, sorted. */
  readonly kept: readonly string[];
}

export interface PruneInput {
  /** Entry keys that are declared now. */
  readonly declared: ReadonlySet<string>;
  /** UIDs of what was applied before, by entry key. */
  readonly known: ReadonlyMap<string, string>;
  readonly listed: readonly ListedObject[];
  /** Whether what holds data leaves too. */
  readonly deletesData: boolean;
}

/**
 * What was known before or is listed with the set's label, and is not declared now. A listed object is deleted as it is
 * listed: a killed run may have recreated it, which the state does not know.
 */
export function pruned({ declared, known, listed, deletesData }: PruneInput): Pruning {
  const candidates = new Map<string, Leaving>();
  for (const [key, uid] of known) candidates.set(key, { ...parseEntryKey(key), uid, listed: false });
  for (const object of listed) candidates.set(entryKey(object), { ...object, listed: true });
  const undeclared = [...candidates].filter(([key]) => !declared.has(key));
  const stays = (object: ObjectRef): boolean => !deletesData && holdsData(object);
  return {
    leaving: undeclared.filter(([, object]) => !stays(object)).map(([, object]) => object),
    // One that is not listed any more was deleted or released by hand.
    kept: undeclared
      .filter(([, object]) => stays(object) && object.listed)
      .map(([key]) => key)
      .sort(),
  };
}
