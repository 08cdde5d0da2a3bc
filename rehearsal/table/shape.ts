/** The shape of an input, as data: what a provider's schema says, in a notation that reads like TypeScript. */

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
