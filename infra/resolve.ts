/** From data to Pulumi inputs: references become Outputs, lookups are called, named values are inserted into texts. */
import * as pulumi from "@pulumi/pulumi";
import { bindValues, MARKER_OPEN, referenceKey, requiredReferences, type Reference } from "../values";
import { LOOKUPS } from "./constructors";
import { isLookup, isRef } from "./resource";
import type { Deferred, Lookup, Ref } from "./types";

export interface Resolver {
  /** An output of a registered resource. */
  readonly refOutput: (ref: Ref) => pulumi.Output<unknown>;
  /** Data with all deferred values replaced by Outputs. */
  readonly resolve: (data: unknown) => unknown;
}

export interface ResolverSources {
  /** Options of lookups. */
  readonly invoked: pulumi.InvokeOutputOptions;
  /** Resources by key, filled while registering. */
  readonly registered: ReadonlyMap<string, pulumi.CustomResource>;
  /** Named values that the infrastructure binds, by `referenceKey`. */
  readonly bound: ReadonlyMap<string, Deferred | string>;
  /** Named values that others bind, by `referenceKey`. */
  readonly values: ReadonlyMap<string, pulumi.Output<unknown>>;
}

export function resolver({ invoked, registered, bound, values }: ResolverSources): Resolver {
  const lookedUp = new Map<string, pulumi.Output<unknown>>();

  const refOutput = (ref: Ref): pulumi.Output<unknown> => {
    const resource = registered.get(ref.ref);
    if (resource === undefined) throw new Error(`${ref.ref} is referred to before it is registered`);
    const found: unknown = Reflect.get(resource, ref.output);
    if (!pulumi.Output.isInstance(found)) throw new Error(`${ref.ref} has no output ${ref.output}`);
    return ref.at === undefined ? found : entry(found, ref.at);
  };

  const named = (reference: Reference): pulumi.Output<unknown> => {
    const key = referenceKey(reference);
    const own = bound.get(key);
    const value = own === undefined ? values.get(key) : resolve(own);
    if (value === undefined) throw new Error(`nothing is bound to ${key}`);
    return pulumi.output(value);
  };

  const lookUp = (lookup: Lookup): pulumi.Output<unknown> => {
    const key = JSON.stringify([lookup.lookup, lookup.args]);
    const result = lookedUp.get(key) ?? LOOKUPS[lookup.lookup](resolveEntries(lookup.args), invoked);
    lookedUp.set(key, result);
    return result.apply((found) => property(found, lookup.output));
  };

  const resolve = (data: unknown): unknown => {
    if (isRef(data)) return refOutput(data);
    if (isLookup(data)) return lookUp(data);
    if (typeof data === "string") return data.includes(MARKER_OPEN) ? bindText(data, named) : data;
    if (Array.isArray(data)) return data.map(resolve);
    if (typeof data !== "object" || data === null) return data;
    return resolveEntries(data);
  };

  const resolveEntries = (data: object): Readonly<Record<string, unknown>> =>
    Object.fromEntries(Object.entries(data).map(([key, value]) => [key, resolve(value)]));

  return { refOutput, resolve };
}

function entry(list: pulumi.Output<unknown>, at: number): pulumi.Output<unknown> {
  return list.apply((values) => (Array.isArray(values) ? (values as readonly unknown[])[at] : undefined));
}

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}

/** A text that contains named values; secret if one of them is. */
function bindText(
  text: string,
  named: (reference: Reference) => pulumi.Output<unknown>,
): pulumi.Output<unknown> {
  const references = requiredReferences(text);
  const bound = pulumi.all(references.map(named)).apply((values) => {
    const byKey = new Map(
      references.map((reference, position) => [referenceKey(reference), values[position]]),
    );
    return bindValues(text, (reference) => byKey.get(referenceKey(reference)));
  });
  return references.some(({ kind }) => kind === "secret") ? pulumi.secret(bound) : bound;
}
