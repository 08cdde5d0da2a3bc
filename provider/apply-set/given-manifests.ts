/**
 * The manifests among the inputs of a set: most as one text, since the engine takes longer over thousands of values than
 * the plugin to apply them; those with values of other resources one by one.
 */
import { containsUnknown, isMap, reveal, Secret, Unknown } from "../../provider-protocol";
import type { CheckFailure, PlainMap, PlainValue, PropertyMap, PropertyValue } from "../../provider-protocol";
import { text } from "../inputs";
import { entryKey, isPlainMap, refOf } from "./entries";

/** A manifest as it was given. */
export interface GivenManifest {
  readonly manifest: PlainMap;
  /** Whether its values are secret: its object is, or a bound value is. */
  readonly isSecret: boolean;
}

export interface GivenManifests {
  /** By entry key. */
  readonly known: ReadonlyMap<string, GivenManifest>;
  /** Entry keys of manifests that are not known yet. */
  readonly unknown: readonly string[];
  /** Never with their contents. */
  readonly problems: readonly CheckFailure[];
}

export function manifestsIn(given: PropertyMap): GivenManifests {
  const known = new Map<string, GivenManifest>();
  const unknown: string[] = [];
  const problems: CheckFailure[] = [];
  const take = (key: string, manifest: PlainValue | undefined, isSecret: boolean): void => {
    const problem = problemOf(key, manifest);
    if (problem === undefined && isPlainMap(manifest)) known.set(key, { manifest, isSecret });
    else {
      unknown.push(key);
      problems.push({ property: "", reason: `the manifest of ${key} ${problem ?? ""}` });
    }
  };
  for (const [key, manifest] of allIn(given["manifests"], problems)) take(key, manifest, isSecretKind(key));
  for (const [key, value] of boundIn(given["boundManifests"])) {
    const plain = reveal(value);
    if (plain instanceof Unknown) unknown.push(key);
    else take(key, parsed(text(plain)), isSecretKind(key) || value instanceof Secret);
  }
  return { known, unknown, problems };
}

/** Whether not even the keys are known. */
export function isUnknownAsAWhole(given: PropertyMap): boolean {
  return ["manifests", "boundManifests"].some((name) => {
    const value = given[name] ?? null;
    return !isMap(value) && containsUnknown(value) && reveal(value) instanceof Unknown;
  });
}

function allIn(
  given: PropertyValue | undefined,
  problems: CheckFailure[],
): readonly (readonly [string, PlainValue])[] {
  const value = reveal(given ?? null);
  if (value instanceof Unknown) return [];
  const all = parsed(text(value));
  if (isPlainMap(all)) return Object.entries(all);
  problems.push({ property: "", reason: "manifests is no JSON of manifests by their keys" });
  return [];
}

function boundIn(given: PropertyValue | undefined): readonly (readonly [string, PropertyValue])[] {
  const value = given instanceof Secret ? given.value : given;
  return isMap(value) ? Object.entries(value) : [];
}

function isSecretKind(key: string): boolean {
  return key.endsWith("/Secret");
}

function parsed(given: string): PlainValue | undefined {
  try {
    return JSON.parse(given) as PlainValue;
  } catch {
    return undefined;
  }
}

function problemOf(key: string, manifest: PlainValue | undefined): string | undefined {
  if (manifest === undefined) return "is no JSON";
  if (!isPlainMap(manifest)) return "is no object";
  const ref = refOf(manifest);
  if (ref === undefined) return "has no apiVersion, kind or metadata.name";
  return entryKey(ref) === key ? undefined : `describes ${entryKey(ref)}`;
}
