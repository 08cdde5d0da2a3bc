/** Every value that a configuration can have, found by walking the schema, each with a configuration that has it. */
import { z } from "zod";
import { environments } from "../../catalog";
import { ownerBase, tenantBase, type Json } from "./configs";
import { sampleOf } from "./schema-samples";

export type LeafType = "text" | "number" | "boolean" | "choice" | "key";

export interface Leaf {
  /** With the kinds on the way, `*` for any key and `0` for an element: `access(both).wireguard.peers.*.address`. */
  readonly path: string;
  readonly type: LeafType;
  /** Of the value, or of the key of a mapping whose keys a person chooses. */
  readonly schema: z.ZodType;
  readonly sample: unknown;
  /** Whether it may be left out. */
  readonly optional: boolean;
  /** The name of the environment. */
  readonly environment: string;
  /** A configuration with this value at the leaf, and the path by which findings name it. */
  readonly put: (value: unknown) => { readonly config: unknown; readonly at: string };
}

/** A value in a configuration: what is there, and a way to a configuration with another. */
interface Place {
  readonly path: string;
  readonly at: readonly string[];
  readonly existing: unknown;
  readonly set: (value: unknown) => unknown;
  readonly optional: boolean;
  readonly environment: string;
}

/** Leaves of all three kinds of environment. */
export function schemaLeaves(): readonly Leaf[] {
  const { owner, tenant, existing } = environments.schemas;
  return [
    ...leavesOf(owner, root("lab", ownerBase())),
    ...leavesOf(tenant, root("test", tenantBase())),
    ...leavesOf(existing, root("guests", sampleOf(existing) as Json)),
  ];
}

function root(environment: string, existing: Json): Place {
  return { path: "", at: [], existing, set: (value) => value, optional: false, environment };
}

function leavesOf(schema: z.ZodType, place: Place): readonly Leaf[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return leavesOf(schema.unwrap() as z.ZodType, { ...place, optional: true });
  if (schema instanceof z.ZodPipe) return leavesOf(schema.in as z.ZodType, place);
  if (schema instanceof z.ZodObject) return fieldsOf(schema, place);
  if (schema instanceof z.ZodRecord) return entriesOf(schema, place);
  if (schema instanceof z.ZodArray) return elementsOf(schema, place);
  if (schema instanceof z.ZodUnion) return optionsOf(schema, place);
  return [leaf(schema, typeOf(schema), place)];
}

function fieldsOf(schema: z.ZodObject, place: Place): readonly Leaf[] {
  const existing = fitting(schema, place.existing);
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    if (field instanceof z.ZodLiteral) return [];
    return leavesOf(field as z.ZodType, {
      ...place,
      path: place.path === "" ? key : `${place.path}.${key}`,
      at: [...place.at, key],
      existing: existing[key],
      set: (value) => place.set({ ...existing, [key]: value }),
      optional: false,
    });
  });
}

/** What is there, if it is of this kind; else the least that the schema takes. */
function fitting(schema: z.ZodObject, existing: unknown): Json {
  return typeof existing === "object" && existing !== null && schema.safeParse(existing).success
    ? (existing as Json)
    : (sampleOf(schema) as Json);
}

/** One entry beside those that are there. */
function entriesOf(schema: z.ZodRecord, place: Place): readonly Leaf[] {
  const existing = typeof place.existing === "object" ? (place.existing as Json) : {};
  const key = String(sampleOf(schema.keyType as z.ZodType, Object.keys(existing)));
  const value = sampleOf(schema.valueType as z.ZodType);
  const path = `${place.path}.*`;
  const keys: Leaf = {
    ...leaf(schema.keyType as z.ZodType, "key", { ...place, path: `${path} (key)` }),
    put: (name) => ({
      config: place.set({ ...existing, [String(name)]: value }),
      at: [...place.at, String(name)].join("."),
    }),
    sample: key,
  };
  const values = leavesOf(schema.valueType as z.ZodType, {
    ...place,
    path,
    at: [...place.at, key],
    existing: undefined,
    set: (each) => place.set({ ...existing, [key]: each }),
    optional: false,
  });
  return [keys, ...values];
}

function elementsOf(schema: z.ZodArray, place: Place): readonly Leaf[] {
  return leavesOf(schema.element as z.ZodType, {
    ...place,
    path: `${place.path}.0`,
    at: [...place.at, "0"],
    existing: undefined,
    set: (value) => place.set([value]),
    optional: false,
  });
}

/** The choice itself, and all that each option has; a union without kinds is one text, such as a text or a number. */
function optionsOf(schema: z.ZodUnion, place: Place): readonly Leaf[] {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return [leaf(schema, "text", place)];
  const options = schema.options as readonly z.ZodObject[];
  const choice: Leaf = {
    ...leaf(z.enum(options.map(kindOf)), "choice", { ...place, path: `${place.path}.kind` }),
    put: (kind) => ({
      config: place.set({ ...sampleObject(options), kind }),
      at: [...place.at, "kind"].join("."),
    }),
  };
  const inside = options.flatMap((option) =>
    leavesOf(option, {
      ...place,
      path: `${place.path}(${kindOf(option)})`,
      existing: isOfKind(place.existing, kindOf(option)) ? place.existing : undefined,
    }),
  );
  return [choice, ...inside];
}

function sampleObject([first]: readonly z.ZodObject[]): Json {
  return first === undefined ? {} : (sampleOf(first) as Json);
}

function kindOf(option: z.ZodObject): string {
  return String(sampleOf(option.shape["kind"] as z.ZodType));
}

function isOfKind(value: unknown, kind: string): boolean {
  return typeof value === "object" && value !== null && (value as Json)["kind"] === kind;
}

function typeOf(schema: z.ZodType): LeafType {
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) return "choice";
  if (schema instanceof z.ZodBoolean) return "boolean";
  return schema instanceof z.ZodNumber ? "number" : "text";
}

function leaf(schema: z.ZodType, type: LeafType, { path, at, set, optional, environment }: Place): Leaf {
  const put: Leaf["put"] = (value) => ({ config: set(value), at: at.join(".") });
  return { path, type, schema, sample: sampleOf(schema), optional, environment, put };
}
