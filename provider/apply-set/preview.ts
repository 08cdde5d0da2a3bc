/** What a preview shows in addition to the digests: which fields change, by the server's dry run. */
import { isList, sameValue } from "../../provider-protocol";
import type { PlainMap, PlainValue } from "../../provider-protocol";
import { applyObjectDry } from "./apply-object";
import type { SetTarget } from "./apply-object";
import { isPlainMap, parseEntryKey } from "./entries";
import { shownMessage } from "./hide";
import type { CheckedManifest } from "./manifests";
import { digestsOnlyMessage, listed } from "./messages";
import { ApiRefusal, NoAnswer } from "./objects";
import { inParallel } from "../../provider-protocol/parallel";

/** Objects that are examined; the preview reports that there are more. */
const LOOKED_AT = 200;
const PARALLEL = 8;

/** Characters of a value that are shown. */
const SHOWN = 60;

/** Set by the server with every change. */
const SERVER_FIELDS: ReadonlySet<string> = new Set([
  "metadata.creationTimestamp",
  "metadata.generation",
  "metadata.managedFields",
  "metadata.resourceVersion",
  "metadata.uid",
  "status",
]);

/** @param updates manifests of objects that change, by entry key */
export async function previewText(
  target: SetTarget,
  updates: ReadonlyMap<string, CheckedManifest>,
): Promise<string> {
  const looked = [...updates].slice(0, LOOKED_AT);
  const lines = new Map<string, readonly string[]>();
  try {
    await inParallel(looked, PARALLEL, async ([key, manifest]) => {
      lines.set(key, await linesOf(target, key, manifest));
    });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return digestsOnlyMessage(error.message);
  }
  const all = looked.flatMap(([key]) => lines.get(key) ?? []);
  const more = updates.size - looked.length;
  const rest = more > 0 ? `\n  and ${more} objects more, whose fields were not looked at` : "";
  return `fields that change, by the server's dry run:${listed(all)}${rest}`;
}

async function linesOf(
  target: SetTarget,
  key: string,
  manifest: CheckedManifest,
): Promise<readonly string[]> {
  const { text, isSecret } = manifest;
  try {
    const before = await target.api.get(parseEntryKey(key), target.signal);
    const after = await applyObjectDry(target, JSON.parse(text) as PlainMap);
    if (before === undefined) return [`${key}: is not in the cluster, and is created`];
    const changes = fieldChanges(before, after);
    if (changes.length === 0)
      return [`${key}: ${isSecret ? "contents alone" : "nothing, it is in the cluster as declared"}`];
    return changes.map(({ path, from, to }) =>
      isSecret ? `${key}: ${path}` : `${key}: ${path}: ${shown(from)} → ${shown(to)}`,
    );
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    return [`${key}: the server would refuse it: ${shownMessage(error.message, manifest)}`];
  }
}

/** A field that differs; undefined where there is none. */
export interface FieldChange {
  /** `spec.template.spec.containers[0].image` */
  readonly path: string;
  readonly from: PlainValue | undefined;
  readonly to: PlainValue | undefined;
}

/** All fields that differ, except those that the server sets. */
export function fieldChanges(before: PlainMap, after: PlainMap): readonly FieldChange[] {
  return differences("", before, after).filter(({ path }) => !SERVER_FIELDS.has(path));
}

function differences(
  path: string,
  from: PlainValue | undefined,
  to: PlainValue | undefined,
): readonly FieldChange[] {
  if (SERVER_FIELDS.has(path) || sameValue(from, to)) return [];
  if (isPlainMap(from) && isPlainMap(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return names.flatMap((name) => differences(joined(path, name), from[name], to[name]));
  }
  if (isPlainList(from) && isPlainList(to)) {
    const indexes = Array.from({ length: Math.max(from.length, to.length) }, (_, index) => index);
    return indexes.flatMap((index) => differences(`${path}[${index}]`, from[index], to[index]));
  }
  return [{ path, from, to }];
}

function isPlainList(value: PlainValue | undefined): value is readonly PlainValue[] {
  return isList(value);
}

function joined(path: string, name: string): string {
  if (/[.[\]"/]/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

function shown(value: PlainValue | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
