/** The shape of an input, as data: a provider's schema in a notation like TypeScript's. */

/**
 * A scalar by its name, `[item]` for a list, `{"*": value}` for a map with free keys, else an object: its keys are
 * property names, with a trailing `?` where the property may be left out.
 */
export type Shape =
  "string" | "number" | "boolean" | "any" | readonly [Shape] | { readonly [property: string]: Shape };

/** True for the shape of a list. */
export function isItemShape(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
