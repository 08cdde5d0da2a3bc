/**
 * The types by which an environment is written in TypeScript, from the schema: what has a default may be left out, and
 * a key's purpose is in its doc comment, which zod's own types do not carry to an editor.
 * Run with `--write` it renews `environment/input.ts`; with `--check` it fails where that one is not current.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { environments } from "../catalog";
import { price } from "../environment/schema/prices";
import { size } from "../environment/schema/quantities";
import { server } from "../environment/schema/servers";

const INPUT_FILE = join(__dirname, "../environment/input.ts");
const RENEW_COMMAND = "node --import tsx tools/input-types.ts --write";

/** Characters of a default that a hover shows; a longer one is only in the documentation. */
const LONGEST_DEFAULT = 80;

const HEADER = `/**
 * How an environment is written in TypeScript. Generated from the schema; renewed by
 * \`${RENEW_COMMAND}\`.
 */
import type { Price } from "./schema/prices";
import type { Size } from "./schema/quantities";
`;

/** The contents of `input.ts`. */
async function inputTypes(): Promise<string> {
  const objects = new ObjectTypes();
  const owner = typeText(environments.schemas.owner, ["owner"], objects);
  const tenant = typeText(environments.schemas.tenant, ["tenant"], objects);
  const existing = typeText(environments.schemas.existing, ["existing"], objects);
  const roots = [
    `/** An environment that owns its network, servers and cluster. */\nexport interface OwnerInput ${objects.expanded(owner)}\n`,
    `/** An environment that uses the cluster of another one, its owner. */\nexport interface TenantInput ${objects.expanded(tenant)}\n`,
    `/** Applications on a cluster that somebody else made. */\nexport interface ExistingInput ${objects.expanded(existing)}\n`,
    "/** An environment of any kind. */\nexport type EnvironmentInput = OwnerInput | TenantInput | ExistingInput;\n",
  ];
  const { format } = await import("prettier");
  const text = [HEADER, ...roots, ...objects.declarations()].join("\n");
  return format(text, { parser: "typescript", printWidth: 110, trailingComma: "all" });
}

/** The keys that all servers have. */
const SERVER_KEYS: ReadonlyMap<string, unknown> = new Map(Object.entries(server.shape));

/** An object's type while the schema is read: its place in `ObjectTypes`. */
const PLACE = /#(\d+)#/g;
/** The start of an object's type that has the keys of another one too. */
const EXTENSION = /^(#\d+#) & /;

/** Types of objects, each kept once; one that is used in several places gets a name, from where it was met first. */
class ObjectTypes {
  readonly #types: { readonly text: string; readonly path: readonly string[] }[] = [];
  readonly #places = new Map<string, string>();

  /** @returns the place that stands for the type in other texts */
  add(text: string, path: readonly string[]): string {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    const place = `#${this.#types.length}#`;
    this.#types.push({ text, path });
    this.#places.set(text, place);
    return place;
  }

  /** The declarations of all that have a name. */
  declarations(): readonly string[] {
    const names = this.#names();
    return [...names].map(([place, name]) => {
      const { text, path } = this.#type(place);
      const body = this.#inline(text.replace(EXTENSION, "extends $1 "), names);
      return `/** \`${path.slice(1).join(".")}\` */\nexport interface ${name} ${body}\n`;
    });
  }

  /** The text of a type that is declared by its own name. */
  expanded(place: string): string {
    return this.#inline(this.#type(place).text, this.#names());
  }

  #type(place: string): { readonly text: string; readonly path: readonly string[] } {
    const found = this.#types[Number(place.slice(1, -1))];
    if (found === undefined) throw new Error(`there is no type ${place}`);
    return found;
  }

  #inline(text: string, names: ReadonlyMap<string, string>): string {
    return text.replace(PLACE, (place) => names.get(place) ?? this.#inline(this.#type(place).text, names));
  }

  /** Names of the types that several texts use. */
  #names(): ReadonlyMap<string, string> {
    const used = this.#types.flatMap(({ text }) => text.match(PLACE) ?? []);
    const shared = [...new Set(used)].filter((place) => used.indexOf(place) !== used.lastIndexOf(place));
    const names = new Map<string, string>();
    for (const place of shared) names.set(place, freeName(this.#type(place).path, [...names.values()]));
    return names;
  }
}

/** The shortest end of the path that no other type is named by. */
function freeName(path: readonly string[], taken: readonly string[]): string {
  const lengths = path.map((_, index) => index + 1);
  const names = lengths.map((length) => `${path.slice(-length).map(capitalized).join("")}Input`);
  const free = names.find((name) => !taken.includes(name));
  if (free === undefined) throw new Error(`two types are named ${names.at(-1) ?? ""}`);
  return free;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What may be written for a schema. */
function typeText(schema: z.ZodType, path: readonly string[], objects: ObjectTypes): string {
  if (schema.def === size.def) return "Size";
  if (schema.def === price.def) return "Price";
  if (schema instanceof z.ZodObject) return objects.add(objectText(schema, path, objects), path);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return typeText(asType(schema.unwrap()), path, objects);
  if (schema instanceof z.ZodUnion)
    return schema.options.map((each) => typeText(asType(each), path, objects)).join(" | ");
  if (schema instanceof z.ZodRecord)
    return `Readonly<Record<string, ${typeText(asType(schema.valueType), oneOf(path), objects)}>>`;
  if (schema instanceof z.ZodArray)
    return `readonly (${typeText(asType(schema.element), oneOf(path), objects)})[]`;
  if (schema instanceof z.ZodPipe) return typeText(asType(schema.in), path, objects);
  return leafText(schema, path);
}

function leafText(schema: z.ZodType, path: readonly string[]): string {
  if (schema instanceof z.ZodEnum) return schema.options.map((each) => JSON.stringify(each)).join(" | ");
  if (schema instanceof z.ZodLiteral)
    return [...schema.values].map((each) => JSON.stringify(each)).join(" | ");
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodBoolean) return "boolean";
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return "string";
  throw new Error(`${path.join(".")}: no type is known for a schema of kind ${schema.def.type}`);
}

/** An element of a list or table is named in the singular. */
function oneOf(path: readonly string[]): readonly string[] {
  return [...path.slice(0, -1), (path.at(-1) ?? "").replace(/s$/, "")];
}

/** All types of servers extend that of any server, where they have its keys as they are. */
function objectText(schema: z.ZodObject, path: readonly string[], objects: ObjectTypes): string {
  const entries = Object.entries(schema.shape);
  const own = entries.filter(([key, value]) => value !== SERVER_KEYS.get(key));
  const isServer = entries.length - own.length === SERVER_KEYS.size && own.length > 0;
  if (!isServer) return keysText(entries, path, objects);
  return `${typeText(server, [...path.slice(0, 2), "server"], objects)} & ${keysText(own, path, objects)}`;
}

function keysText(
  entries: readonly (readonly [string, unknown])[],
  path: readonly string[],
  objects: ObjectTypes,
): string {
  const keys = entries.map(([key, value]) => {
    const type = asType(value);
    const optional = type.safeParse(undefined).success ? "?" : "";
    return `${comment(type)}readonly ${JSON.stringify(key)}${optional}: ${typeText(type, [...path, key], objects)};\n`;
  });
  return `{\n${keys.join("")}}`;
}

function comment(schema: z.ZodType): string {
  const words = [describedAs(schema), defaultOf(schema)].filter((each) => each !== "");
  return words.length === 0 ? "" : `/** ${words.join(" ")} */\n`;
}

function describedAs(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? describedAs(asType(schema.unwrap()))
    : "";
}

function defaultOf(schema: z.ZodType): string {
  if (!(schema instanceof z.ZodDefault)) return "";
  const text = JSON.stringify(schema.def.defaultValue);
  return text.length > LONGEST_DEFAULT ? "" : `@default ${text}`;
}

function asType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new Error("a schema of another kind than zod's");
}

async function main(option: string | undefined): Promise<void> {
  const types = await inputTypes();
  if (option === "--write") writeFileSync(INPUT_FILE, types);
  else if (readFileSync(INPUT_FILE, "utf8") !== types) {
    console.error(`environment/input.ts is not current: run ${RENEW_COMMAND}`);
    process.exitCode = 1;
  }
}

void main(process.argv[2]);
