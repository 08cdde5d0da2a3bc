/** The keys of a schema, in the words of the table of effects: an entry of a map is called `*`. */
import { z } from "zod";

/** Lists, and maps of texts and numbers, are one key; of a union the keys of all its members count. */
export function schemaKeys(schema: z.ZodType, path = ""): ReadonlySet<string> {
  const at = bare(schema);
  if (at instanceof z.ZodObject)
    return union(
      Object.entries(at.shape as Readonly<Record<string, z.ZodType>>).map(([key, value]) =>
        schemaKeys(value, path === "" ? key : `${path}.${key}`),
      ),
    );
  if (at instanceof z.ZodUnion && at.options.every(isObject))
    return union(at.options.map((each) => schemaKeys(each as z.ZodType, path)));
  if (at instanceof z.ZodRecord) {
    const entry = bare(at.valueType as z.ZodType);
    if (entry instanceof z.ZodObject || (entry instanceof z.ZodUnion && entry.options.some(isObject)))
      return union([new Set([`${path}.*`]), schemaKeys(entry, `${path}.*`)]);
  }
  return new Set([path]);
}

function isObject(schema: unknown): boolean {
  return bare(schema as z.ZodType) instanceof z.ZodObject;
}

/** Without what only adds a default, or says that it may be absent. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return bare(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return bare(schema.in as z.ZodType);
  return schema;
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((each) => [...each]));
}
