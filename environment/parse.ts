/** From user input to a complete configuration, or to all its errors at once. */
import { z } from "zod";
import type { EnvironmentConfig } from "./config";
import { isFields } from "./fields";
import { finding, type Finding } from "./findings";
import { nearest } from "./nearest";
import { pathText, shown } from "./printable";
import { rawValues } from "./raw-values";
import type { ExistingSettings, OwnerSettings, TenantSettings } from "./schema/environment";
import { dnsLabel } from "./schema/primitives";

export type ParseResult =
  | { readonly ok: true; readonly config: EnvironmentConfig }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** The schemas of the three kinds of environment, with all applications. */
export interface EnvironmentSchemas {
  readonly owner: z.ZodType<OwnerSettings>;
  readonly tenant: z.ZodType<TenantSettings>;
  readonly existing: z.ZodType<ExistingSettings>;
}

/** Parses `labstead:environment` of the stack `name`. */
export function parseEnvironment(schemas: EnvironmentSchemas, name: string, value: unknown): ParseResult {
  if (!isFields(value)) {
    return invalid([
      problem(
        "labstead:environment",
        `${shown(value)} is not an environment`,
        "write a mapping with `cluster`, `network` and `servers`; examples/ has one for each kind of lab",
      ),
    ]);
  }
  const kind = isFields(value["cluster"]) ? value["cluster"]["kind"] : undefined;
  switch (kind) {
    case "own":
      return parseAs(schemas.owner, name, value);
    case "shared":
      return parseAs(schemas.tenant, name, value);
    case "existing":
      return parseAs(schemas.existing, name, value);
    default:
      return invalid([...checkName(name), clusterKind(value["cluster"], kind)]);
  }
}

function parseAs(
  schema: z.ZodType<OwnerSettings | TenantSettings | ExistingSettings>,
  name: string,
  value: unknown,
): ParseResult {
  const raw = rawValues(value);
  const parsed = schema.safeParse(raw.value, { reportInput: true });
  const named = [...checkName(name), ...raw.findings];
  if (parsed.success && named.length === 0) return { ok: true, config: { ...parsed.data, name } };
  const reported = new Set(named.map(({ path }) => path));
  const others = parsed.error === undefined ? [] : schemaFindings(schema, parsed.error);
  return invalid([...named, ...others.filter(({ path }) => !reported.has(path))]);
}

/** Findings for the issues of a schema, one for each path; parse with `reportInput`. */
export function schemaFindings(schema: z.ZodType, { issues }: z.ZodError): Finding[] {
  const all = issues.flatMap((issue) => explain(issue, schema));
  // The last rule of a value is its strictest: a number that is too large for any computer is also out of its range.
  return [...new Map(all.map((each) => [each.path, each])).values()];
}

/** The stack's name becomes part of host names and OpenStack names. */
function checkName(name: string): Finding[] {
  const parsed = dnsLabel.safeParse(name);
  if (parsed.success) return [];
  const message = parsed.error.issues[0]?.message ?? "is not a valid name; rename it";
  return [problem("the stack's name", ...splitMessage(shown(name), message))];
}

function clusterKind(cluster: unknown, kind: unknown): Finding {
  const fix =
    'write "own" for an environment with its own cluster, "shared" for a tenant of another one, or "existing" for a cluster that exists already';
  if (kind !== undefined) return problem("cluster.kind", `${shown(kind)} is not allowed`, fix);
  if (cluster === undefined || isFields(cluster)) return problem("cluster.kind", "is missing", fix);
  return problem(
    "cluster",
    `${shown(cluster)} is ${article(kindOf(cluster))}`,
    "write {kind: own}, or {kind: shared, owner: …}",
  );
}

function invalid(findings: readonly Finding[]): ParseResult {
  return { ok: false, findings };
}

function problem(path: string, explanation: string, fix: string): Finding {
  return finding("config.invalid", path, explanation, fix);
}

type Issue = z.core.$ZodIssue;

/** One zod issue as findings that name the path, what was given, what is allowed and the fix. */
function explain(issue: Issue, schema: z.ZodType): Finding[] {
  const path = pathText(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(issue.path, key, issue.input, schema));
    case "invalid_type":
      return [wrongType(issue, schema)];
    case "invalid_value":
      return [notAllowed(path, issue.input, issue.values.map(String))];
    case "invalid_union":
      return unionFindings(path, issue);
    case "invalid_key":
      return [
        problem(
          path,
          ...splitMessage(
            shown(issue.path.at(-1)),
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
      return [problem(path, ...splitMessage(isFields(issue.input) ? "" : shown(issue.input), issue.message))];
  }
}

/** Messages of the schema read "<explanation>; <fix>". */
function splitMessage(given: string, message: string): [string, string] {
  const [explanation = message, ...fix] = message.split("; ");
  return [`${given} ${explanation}`.trimStart(), fix.join("; ") || "correct it"];
}

function unknownKey(parent: readonly PropertyKey[], key: string, input: unknown, schema: z.ZodType): Finding {
  const path = pathText([...parent, key]);
  const variants = schemasAt(schema, parent).flatMap((each) => (each instanceof z.ZodObject ? [each] : []));
  const elsewhere = variants
    .filter((each) => Object.hasOwn(each.shape, key))
    .flatMap((each) => literals(each, "kind"));
  if (isFields(input) && elsewhere.length > 0) {
    const fix = `remove it, or set kind to ${[...new Set(elsewhere)].join(" or ")}`;
    return problem(path, `is not a key of kind ${String(input["kind"])}`, fix);
  }
  const fitting = variants.filter((each) =>
    literals(each, "kind").every((kind) => isFields(input) && kind === input["kind"]),
  );
  const known = [...new Set(fitting.flatMap((each) => Object.keys(each.shape)))];
  const near = nearest(key, known);
  const fix = near === undefined ? `remove it, or use one of ${known.join(", ")}` : `did you mean ${near}?`;
  return problem(path, "is not a key that exists here", fix);
}

function wrongType(issue: Extract<Issue, { code: "invalid_type" }>, schema: z.ZodType): Finding {
  const { expected, input, message } = issue;
  const path = pathText(issue.path);
  const wanted = wantedAt(schemasAt(schema, issue.path), expected);
  if (input === undefined) return problem(path, "is missing", wanted);
  if (input === null) return problem(path, "is empty", wanted);
  if (expected === "int" && typeof input === "number")
    return problem(path, ...splitMessage(shown(input), message));
  return otherType(path, expected, input, wanted);
}

function otherType(
  path: string,
  expected: string,
  input: unknown,
  wanted = `write ${article(expected)}`,
): Finding {
  return problem(path, `${shown(input)} is ${article(kindOf(input))}`, slip(expected, input) ?? wanted);
}

/** A value of each type that no stricter schema accepts, so that the schema reports what it expects. */
const PROBES: Readonly<Record<string, unknown>> = { string: "", array: [], number: 0.5 };

function wantedAt(schemas: readonly z.ZodType[], expected: string): string {
  const message = schemas[0]?.safeParse(PROBES[expected]).error?.issues[0]?.message ?? "";
  const [, fix] = message.split("; ");
  return fix ?? `write ${article(expected)}`;
}

/** Usual mistakes in YAML: superfluous or missing quotes, a single element instead of a list. */
function slip(expected: string, input: unknown): string | undefined {
  if (expected === "string" && (typeof input === "number" || typeof input === "boolean")) {
    return `write it in quotes: "${String(input)}"`;
  }
  if (typeof input !== "string") return undefined;
  if (expected === "array") return `write it as a list: [${input}]`;
  const bare = expected === "boolean" ? /^(true|false)$/ : expected === "number" ? /^-?\d+$/ : undefined;
  return bare?.test(input) === true ? `write it without quotes: ${input}` : undefined;
}

/** More values than these are not read in a message. */
const MOST_LISTED = 40;

function listed(allowed: readonly string[]): string {
  if (allowed.length === 1) return `write ${allowed[0] ?? ""}`;
  if (allowed.length <= MOST_LISTED) return `write one of ${allowed.join(", ")}`;
  return "write one of the values that the JSON Schema of the file lists";
}

function notAllowed(path: string, input: unknown, allowed: readonly string[]): Finding {
  const list = listed(allowed);
  if (input === undefined) return problem(path, "is missing", list);
  if (input === null) return problem(path, "is empty", list);
  const word = typeof input === "string" ? input : shown(input);
  if (word !== input && allowed.includes(word)) return otherType(path, "string", input);
  const near = nearest(word, allowed);
  const fix = near === undefined ? list : `${list} (did you mean ${near}?)`;
  return problem(path, `${shown(input)} is not allowed`, fix);
}

type UnionIssue = Extract<Issue, { code: "invalid_union" }>;

function unionFindings(path: string, issue: UnionIssue): Finding[] {
  const discriminator = "discriminator" in issue ? issue.discriminator : undefined;
  if (discriminator === undefined) return optionFindings(path, issue);
  if (!isFields(issue.input)) return [otherType(path, "object", issue.input)];
  const parent = issue.path.at(-1) === discriminator ? issue.path.slice(0, -1) : issue.path;
  const allowed = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  return [notAllowed(pathText([...parent, discriminator]), issue.input[discriminator], allowed)];
}

/** For a value of several types: its errors for the type that it has, else the possible types. */
function optionFindings(path: string, issue: UnionIssue): Finding[] {
  const fitting = issue.errors.find((issues) => issues.every(({ code }) => code !== "invalid_type"));
  if (fitting !== undefined)
    return fitting.map(({ message }) => problem(path, ...splitMessage(shown(issue.input), message)));
  const types = issue.errors.flatMap(([first]) => (first?.code === "invalid_type" ? [first.expected] : []));
  const wanted = `write ${types.map(article).join(" or ")}`;
  if (issue.input === undefined) return [problem(path, "is missing", wanted)];
  if (issue.input === null) return [problem(path, "is empty", wanted)];
  return [problem(path, `${shown(issue.input)} is ${article(kindOf(issue.input))}`, wanted)];
}

function literals(schema: z.ZodType, key: string): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const field: unknown = schema.shape[key];
  return field instanceof z.ZodLiteral ? [...field.values].map(String) : [];
}

/** Schemas at a path, through defaults, options, records and unions. */
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
  return Array.isArray(value) ? "list" : typeof value;
}
