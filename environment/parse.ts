/** From what a person wrote to a complete configuration, or to all that is wrong with it, at once. */
import { distance } from "fastest-levenshtein";
import { z } from "zod";
import type { EnvironmentConfig } from "./config";
import { finding, type Finding } from "./findings";
import { ownerEnvironment, tenantEnvironment } from "./schema/environment";

export type ParseResult =
  | { readonly ok: true; readonly config: EnvironmentConfig }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Parses `labstead:environment` of the stack `name`. */
export function parseEnvironment(name: string, value: unknown): ParseResult {
  if (!isRecord(value)) {
    return invalid([
      problem(
        "labstead:environment",
        `${show(value)} is not an environment`,
        "write a mapping with `cluster`, `network` and `servers`; examples/ has one for each kind of lab",
      ),
    ]);
  }
  const kind = isRecord(value["cluster"]) ? value["cluster"]["kind"] : undefined;
  switch (kind) {
    case "own": {
      const parsed = ownerEnvironment.safeParse(value, { reportInput: true });
      return parsed.success
        ? { ok: true, config: { ...parsed.data, name } }
        : invalid(parsed.error.issues.flatMap((i) => explain(i, ownerEnvironment)));
    }
    case "shared": {
      const parsed = tenantEnvironment.safeParse(value, { reportInput: true });
      return parsed.success
        ? { ok: true, config: { ...parsed.data, name } }
        : invalid(parsed.error.issues.flatMap((i) => explain(i, tenantEnvironment)));
    }
    default:
      return invalid([
        problem(
          "cluster.kind",
          `${show(kind)} is not allowed`,
          'write "own" for an environment with its own cluster, or "shared" for a tenant of another one',
        ),
      ]);
  }
}

function invalid(findings: readonly Finding[]): ParseResult {
  return { ok: false, findings };
}

function problem(path: string, explanation: string, fix: string): Finding {
  return finding("config.invalid", path, explanation, fix);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Issue = z.core.$ZodIssue;

/** One zod issue as findings that name the path, what was given, what is allowed and the fix. */
function explain(issue: Issue, schema: z.ZodType): Finding[] {
  const path = pathText(issue.path);
  const given = show(issue.input);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(issue.path, key, schema));
    case "invalid_type":
      return [wrongType(path, issue.expected, issue.input)];
    case "invalid_value":
      return [notAllowed(path, issue.input, issue.values.map(String))];
    case "invalid_union":
      return [union(path, issue, schema)];
    case "invalid_key":
      return [
        problem(
          path,
          ...splitMessage(
            show(issue.path.at(-1)),
            issue.issues[0]?.message ?? "is not a valid key; rename it",
          ),
        ),
      ];
    case "invalid_element":
      return issue.issues.flatMap((inner) =>
        explain({ ...inner, path: [...issue.path, ...inner.path] }, schema),
      );
    case "too_big":
    case "too_small":
    case "invalid_format":
    case "not_multiple_of":
    case "custom":
      return [problem(path, ...splitMessage(given, issue.message))];
  }
}

/** Messages of the schema read "<explanation>; <fix>". */
function splitMessage(given: string, message: string): [string, string] {
  const [explanation = message, ...fix] = message.split("; ");
  return [`${given} ${explanation}`, fix.join("; ") || "correct it"];
}

function unknownKey(parent: readonly PropertyKey[], key: string, schema: z.ZodType): Finding {
  const known = keysAt(schema, parent);
  const near = nearest(key, known);
  const fix = near === undefined ? `remove it, or use one of ${known.join(", ")}` : `did you mean ${near}?`;
  return problem(pathText([...parent, key]), "is not a key that exists here", fix);
}

function wrongType(path: string, expected: string, input: unknown): Finding {
  if (input === undefined) return problem(path, "is missing", `write ${article(expected)}`);
  const quoted = expected === "string" && (typeof input === "number" || typeof input === "boolean");
  const fix = quoted ? `write it in quotes: "${String(input)}"` : `write ${article(expected)}`;
  return problem(path, `${show(input)} is ${article(kindOf(input))}`, fix);
}

function notAllowed(path: string, input: unknown, allowed: readonly string[]): Finding {
  const list = allowed.length === 1 ? `write ${allowed[0] ?? ""}` : `write one of ${allowed.join(", ")}`;
  if (input === undefined) return problem(path, "is missing", list);
  if (typeof input !== "string" && allowed.includes(String(input))) return wrongType(path, "string", input);
  const near = nearest(String(input), allowed);
  return problem(
    path,
    `${show(input)} is not allowed`,
    near === undefined ? list : `${list} (did you mean ${near}?)`,
  );
}

function union(path: string, issue: Extract<Issue, { code: "invalid_union" }>, schema: z.ZodType): Finding {
  const discriminator = "discriminator" in issue ? issue.discriminator : undefined;
  if (discriminator === undefined)
    return problem(path, `${show(issue.input)} is not allowed`, "see the examples");
  if (!isRecord(issue.input)) return wrongType(path, "object", issue.input);
  const parent = issue.path.at(-1) === discriminator ? issue.path.slice(0, -1) : issue.path;
  const kinds = schemasAt(schema, parent).flatMap((each) => literals(each, discriminator));
  return notAllowed(pathText([...parent, discriminator]), issue.input[discriminator], kinds);
}

/** The nearest known word, if it is near enough to be a slip of the finger. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, cost: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.cost - b.cost);
  const best = ranked[0];
  return best !== undefined && best.cost <= Math.max(1, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

function literals(schema: z.ZodType, key: string): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const field: unknown = schema.shape[key];
  return field instanceof z.ZodLiteral ? [...field.values].map(String) : [];
}

/** Keys that the schema knows at a path, through defaults, options, records and unions. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return [
    ...new Set(
      schemasAt(schema, path).flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : [])),
    ),
  ];
}

function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  return path.reduce<z.ZodType[]>(
    (at, key) => at.flatMap((each) => step(each, key)).flatMap(unwrap),
    unwrap(schema),
  );
}

function step(schema: z.ZodType, key: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodObject) return asTypes(schema.shape[String(key)]);
  if (schema instanceof z.ZodRecord) return asTypes(schema.valueType);
  if (schema instanceof z.ZodArray) return asTypes(schema.element);
  return [];
}

function unwrap(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return asTypes(schema.unwrap()).flatMap(unwrap);
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(asTypes).flatMap(unwrap);
  return [schema];
}

function asTypes(value: unknown): z.ZodType[] {
  return value instanceof z.ZodType ? [value] : [];
}

const KINDS: Readonly<Record<string, string>> = {
  object: "mapping",
  record: "mapping",
  array: "list",
  int: "whole number",
  boolean: "true or false",
};

function article(kind: string): string {
  const word = KINDS[kind] ?? kind;
  return word === "true or false" ? word : `a ${word}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return value === null ? "null" : typeof value;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "labstead:environment" : path.map(String).join(".");
}

/** What was given, short enough for one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
