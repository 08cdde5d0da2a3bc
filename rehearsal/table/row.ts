/** A resource type as data: one row of a package's table. */
import type { Shape } from "./shape";

export interface Row {
  /** Inputs by name, a trailing `?` on those that may be left out. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Outputs that always have a value. */
  readonly always: readonly string[];
  /** Outputs that are no inputs. */
  readonly outputs: readonly string[];
  /** Inputs whose change replaces the resource; `list.property` for one of a nested object. */
  readonly replaceOn: readonly string[];
  /** Properties that are always secret. */
  readonly secret: readonly string[];
}

/** Type tokens and their rows. */
export type Table = Readonly<Record<string, Row>>;

/** The shape of a named property, and whether it has to be given; undefined if there is none of this name. */
export function propertyShape(
  shapes: Readonly<Record<string, Shape>>,
  name: string,
): { readonly shape: Shape; readonly required: boolean } | undefined {
  const required = shapes[name];
  if (required !== undefined) return { shape: required, required: true };
  const optional = shapes[`${name}?`];
  return optional === undefined ? undefined : { shape: optional, required: false };
}

/** Names without the mark of optional ones. */
export function propertyNames(shapes: Readonly<Record<string, Shape>>): readonly string[] {
  return Object.keys(shapes).map((name) => name.replace(/\?$/, ""));
}
