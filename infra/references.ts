/** Dependencies: references, lookups and named values in inputs, and the resulting order. */
import { DescriptionError, type DescriptionProblem } from "./description-error";
import { MARKER_OPEN, referenceKey, requiredReferences } from "../values";
import { isLookup, isRef } from "./resource";
import type { Deferred, InfraResource, Lookup, Ref } from "./types";

/** Named values that the infrastructure itself binds, by `referenceKey`. */
type Bound = ReadonlyMap<string, Deferred | string>;

interface Found {
  readonly refs: readonly Ref[];
  readonly lookups: readonly Lookup[];
  readonly texts: readonly string[];
}

/** All deferred values anywhere in a value. */
export function findDeferred(value: unknown): Found {
  const refs: Ref[] = [];
  const lookups: Lookup[] = [];
  const texts: string[] = [];
  const visit = (each: unknown): void => {
    if (isRef(each)) refs.push(each);
    else if (isLookup(each)) {
      lookups.push(each);
      visit(each.args);
    } else if (typeof each === "string") {
      if (each.includes(MARKER_OPEN)) texts.push(each);
    } else if (typeof each === "object" && each !== null) Object.values(each).forEach(visit);
  };
  visit(value);
  return { refs, lookups, texts };
}

/**
 * Keys of the resources that must be created first.
 * @param bound named values that the infrastructure itself binds, by `referenceKey`
 */
export function dependenciesOf(resource: InfraResource, bound: Bound): readonly string[] {
  const { refs, texts } = findDeferred(resource.inputs);
  const named = requiredReferences(texts).flatMap((reference) => {
    const value = bound.get(referenceKey(reference));
    return isRef(value) ? [value.ref] : [];
  });
  return [...new Set([...refs.map(({ ref }) => ref), ...named, ...(resource.options.dependsOn ?? [])])];
}

/** @throws DescriptionError with every duplicate key and every reference to a missing resource */
export function checkDescription(resources: readonly InfraResource[]): void {
  const known = new Set<string>();
  const problems: DescriptionProblem[] = [];
  for (const { key } of resources) {
    if (known.has(key)) problems.push({ key, message: "is described twice" });
    known.add(key);
  }
  for (const resource of resources) {
    for (const needed of dependenciesOf(resource, new Map())) {
      if (!known.has(needed))
        problems.push({ key: resource.key, message: `refers to ${needed}, which is not described` });
    }
  }
  if (problems.length > 0) throw new DescriptionError(problems);
}

/**
 * The resources with each after those that it needs, otherwise in the given order.
 * @throws Error naming resources that need each other.
 */
export function inOrder(resources: readonly InfraResource[], bound: Bound): readonly InfraResource[] {
  const byKey = new Map(resources.map((each) => [each.key, each]));
  const ordered = new Set<InfraResource>();
  const place = (resource: InfraResource, path: readonly string[]): void => {
    if (ordered.has(resource)) return;
    if (path.includes(resource.key))
      throw new Error(`these need each other: ${[...path, resource.key].join(" → ")}`);
    for (const key of dependenciesOf(resource, bound)) {
      const needed = byKey.get(key);
      if (needed === undefined) throw new Error(`${resource.key} refers to ${key}, which is not described`);
      place(needed, [...path, resource.key]);
    }
    ordered.add(resource);
  };
  for (const resource of resources) place(resource, []);
  return [...ordered];
}
