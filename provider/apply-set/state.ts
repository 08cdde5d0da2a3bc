/** The outputs of a set: what is applied, and what it kept in the cluster. */
import { createHash } from "node:crypto";

import { isList, isMap } from "../../provider-protocol";
import type { PropertyMap, PropertyValue } from "../../provider-protocol";
import type { LiveObject } from "./objects";

/** What is known of an applied object. */
export interface AppliedObject {
  /** Of its manifest; see `CHANGED` for an object that was changed manually. */
  readonly digest: string;
  readonly uid: string;
  /** Of the cluster's record of this set's fields. */
  readonly fields: string;
}

/** Instead of a digest: fields that this set owns were changed by another manager. */
export const CHANGED = "changed in the cluster";

/** By entry key. */
export type AppliedObjects = ReadonlyMap<string, AppliedObject>;

export interface SetState {
  readonly applied: AppliedObjects;
  /** Entry keys of objects that the set no longer declares, and kept because they have data. */
  readonly kept: readonly string[];
}

/** Digits of a digest of a record of fields. */
const FIELDS_LENGTH = 12;

/** Of a live object, as the set's manager owns it. */
export function fieldsDigest(live: LiveObject, manager: string): string {
  return createHash("sha256").update(live.recordOf(manager)).digest("hex").slice(0, FIELDS_LENGTH);
}

/** Digests are separate, since previews show them; the rest is beside them. */
export function outputsOf({ applied, kept }: SetState): PropertyMap {
  const objects: Record<string, PropertyValue> = {};
  const records: Record<string, string> = {};
  for (const [key, { digest, uid, fields }] of applied) {
    objects[key] = digest;
    records[key] = `${uid} ${fields}`;
  }
  // As one text: the engine copies each value of a map by itself, several times.
  return { objects, records: JSON.stringify(records), kept };
}

export function stateOf(outputs: PropertyMap): SetState {
  const records = recordsIn(outputs["records"]);
  const applied = [...digestsIn(outputs["objects"])].map(([key, digest]) => {
    const record = records[key];
    const [uid = "", fields = ""] = typeof record === "string" ? record.split(" ") : [];
    return [key, { digest, uid, fields }] as const;
  });
  const { kept } = outputs;
  const keptKeys = isList(kept) ? kept.filter((each) => typeof each === "string") : [];
  return { applied: new Map(applied), kept: keptKeys };
}

/** As {@link outputsOf} writes them; earlier versions wrote a map. */
function recordsIn(records: PropertyValue | undefined): PropertyMap {
  return typeof records === "string" ? (JSON.parse(records) as PropertyMap) : isMap(records) ? records : {};
}

/** Digests by entry key; without unknown ones. */
export function digestsIn(objects: PropertyValue | undefined): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(isMap(objects) ? objects : {}).flatMap(([key, digest]) =>
      typeof digest === "string" ? [[key, digest] as const] : [],
    ),
  );
}
