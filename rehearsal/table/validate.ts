/** Inputs against the shape that a type declares: what the real plugin would refuse, before anything is created. */
import { closest, distance } from "fastest-levenshtein";

import { isList, isMap, Secret, Unknown } from "../../provider-protocol";
import type { CheckFailure, PropertyMap, PropertyValue } from "../../provider-protocol";
import { propertyNames, propertyShape } from "./row";
import { isItemShape } from "./shape";
import type { Shape } from "./shape";

type Shapes = Readonly<Record<string, Shape>>;

/** All that is wrong with the inputs of a type; empty if nothing is. Properties starting with `__` are the engine's. */
export function validate(type: string, shapes: Shapes, inputs: PropertyMap): readonly CheckFailure[] {
  return validateObject(type, shapes, inputs, "");
}

function validateObject(
  type: string,
  shapes: Shapes,
  given: PropertyMap,
  path: string,
): readonly CheckFailure[] {
  const missing = propertyNames(shapes)
    .filter((name) => propertyShape(shapes, name)?.required === true && (given[name] ?? null) === null)
    .map((name) => failure(path, name, `missing required property "${join(path, name)}" of ${type}`));
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    if (name.startsWith("__")) return [];
    const known = propertyShape(shapes, name);
    if (known === undefined) return [failure(path, name, unknownProperty(type, shapes, path, name))];
    return validateValue(type, known.shape, value, join(path, name));
  });
  return [...missing, ...wrong];
}

function unknownProperty(type: string, shapes: Shapes, path: string, name: string): string {
  const nearest = closest(name, [...propertyNames(shapes)]);
  // Half the letters wrong is no misspelling any more.
  const hint =
    distance(name, nearest) * 2 <= name.length
      ? `; did you mean "${nearest}"?`
      : `; the nearest is "${nearest}"`;
  return `${type} has no input "${join(path, name)}"${hint}`;
}

function validateValue(
  type: string,
  shape: Shape,
  given: PropertyValue,
  path: string,
): readonly CheckFailure[] {
  const value = given instanceof Secret ? given.value : given;
  if (value === null || value instanceof Unknown || shape === "any") return [];
  if (typeof shape === "string")
    return scalarFits(shape, value) ? [] : [mismatch(type, path, `a ${shape}`, value)];
  if (isItemShape(shape)) {
    if (!isList(value)) return [mismatch(type, path, "a list", value)];
    return value.flatMap((item, index) => validateValue(type, shape[0], item, `${path}[${index}]`));
  }
  if (!isMap(value)) return [mismatch(type, path, "an object", value)];
  const free = shape["*"];
  if (free === undefined) return validateObject(type, shape, value, path);
  return Object.entries(value).flatMap(([key, item]) => validateValue(type, free, item, join(path, key)));
}

/** The real plugins convert scalars: "5" is a number, 5 is a string. */
function scalarFits(shape: string, value: PropertyValue): boolean {
  if (isList(value) || isMap(value)) return false;
  if (shape === "number")
    return (
      typeof value === "number" ||
      (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)))
    );
  if (shape === "boolean") return typeof value === "boolean" || value === "true" || value === "false";
  return true;
}

function mismatch(type: string, path: string, wanted: string, value: PropertyValue): CheckFailure {
  const given = isList(value) ? "a list" : isMap(value) ? "an object" : `a ${typeof value}`;
  return { property: path, reason: `${type} wants ${wanted} as "${path}", not ${given}` };
}

function failure(path: string, name: string, reason: string): CheckFailure {
  return { property: join(path, name), reason };
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
