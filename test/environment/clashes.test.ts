/**
 * Values that only one may have: each leaf of the schema that holds one refuses the value of another, or stands below with
 * the reason why two may have it. `clashes.txt` has the messages; `LABSTEAD_RENEW=1` renews it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { findingText } from "../../environment/findings";
import { checkEnvironment, parseEnvironment } from "../environments";
import { configOf, ownerBase } from "./configs";
import { schemaLeaves, type Leaf } from "./schema-leaves";

const TABLE = join(__dirname, "clashes.txt");
const owner = configOf("lab", ownerBase());

/** By what the schema says to a wrong value, the values of that kind that the base has. */
const TAKEN: readonly (readonly [rule: RegExp, taken: readonly unknown[]])[] = [
  [/an IPv4 address;/, ["172.30.153.70", "172.30.153.65", "10.0.0.10"]],
  [/an IPv4 network;/, ["10.0.0.0/24", "10.244.0.0/16"]],
  [/with a prefix length;/, ["10.0.0.0/24", "10.244.0.0/16"]],
  [/a host name;/, ["test.lab.example.org", "datalabs.lab.example.org"]],
  [/a WireGuard public key;/, ["4TrNTbm9dRCsHEnMDh8q7Ck83JYD5ycnKI0BCP7yvXQ="]],
  [/outside 30000–32767/, [30022, 30090, 30048, 31080, 30080, 30055]],
  [/outside 1–65535/, [2222, 443, 8888, 7777, 22]],
  [/outside 0–999/, [0, 1]],
];

/** Leaves whose value several may have. */
const SHARED: readonly (readonly [leaf: RegExp, why: string])[] = [
  [/\.(from|open)\.0$/, "clients of several ports come from one network"],
  [/dnsNameservers\.0$/, "a name server of the lab may be one of its own servers"],
  [/^(domain|cluster\.serverName|logs\(syslog\)\.host)$/, "a name that is only looked up"],
  [/^logs\(syslog\)\.port$|\.probe\(/, "a port of another server, or one that is only asked"],
  [/^cluster\.api\(octavia\)\.port$/, "Octavia has an address of its own"],
  [/wireguard\.port$/, "the base publishes no UDP port"],
  [/^access\(wireguard\)\.wireguard\.peers/, "the base has peers with kind both only"],
  [/\.removed\.0$/, "a slot of this pool alone"],
  [/\.service\.port$/, "a port of another Service"],
  [/\.range\.start$/, "the base has one pool of workers"],
  [/^cluster\.(nodeCidr|serviceCidr)$/, "networks of a cluster that somebody else made"],
  [/^ingress\.migration\.moved\.0$/, "a host of the lab, which moves"],
  [/^apps\.(datalab|userPods\.exposure\(gateway\))\.host$/, "the one application of an existing cluster"],
  [
    /^apps\.userPods\.users\.\*\.nodePort$/,
    "none is taken behind the ingress; `test/apps/user-pods/` has the rest",
  ],
  [/^apps\.(userPods\.containers|projects\.projects\.\*\.services)\.\*\.port$/, "a port inside of pods"],
  [/^apps\.userPods\.exposure\(ingress\)\.host$/, "users have a path each on a host of several applications"],
  [/^apps\.projects\.host$/, "stacks have a path each on a host of several applications"],
  [/^apps\.hub\.hubs\.\*\.homes\(drive\)\.address$/, "a tenant has no drive"],
  [/\.mounts\.\*\(cvmfs\)\.repository$/, "a repository that somebody else serves"],
  [/^apps\.hub\.host$/, "hubs have a path each on a host of several applications"],
];

const identities = schemaLeaves().flatMap((leaf) => {
  const wrong = leaf.type === "number" ? -5 : "?";
  const message =
    leaf.schema
      .safeParse(wrong)
      .error?.issues.map((issue) => issue.message)
      .join(" ") ?? "";
  const [, taken] = TAKEN.find(([rule]) => rule.test(message)) ?? [];
  return taken === undefined || !isScalar(leaf) ? [] : [{ leaf, taken }];
});

function isScalar({ schema }: Leaf): boolean {
  return schema instanceof z.ZodNumber || schema instanceof z.ZodString;
}

function errorsOf({ environment, put }: Leaf, value: unknown): readonly string[] {
  const parsed = parseEnvironment(environment, put(value).config);
  if (!parsed.ok) return [];
  return checkEnvironment(parsed.config, environment === "test" ? owner : undefined)
    .filter(({ severity }) => severity === "error")
    .map(findingText);
}

/** The errors that a taken value adds to those of the sample. */
function clashOf(leaf: Leaf, taken: readonly unknown[]): string | undefined {
  const before = new Set(leaf.sample === taken[0] ? [] : errorsOf(leaf, leaf.sample));
  return taken.flatMap((value) => errorsOf(leaf, value).filter((text) => !before.has(text)))[0];
}

const clashes = identities.map(({ leaf, taken }) => ({ leaf, clash: clashOf(leaf, taken) }));

test("a value that only one may have is refused, or may be shared for a reason", () => {
  expect(identities.length).toBeGreaterThan(80);
  const free = clashes
    .filter(({ leaf, clash }) => clash === undefined && SHARED.every(([shared]) => !shared.test(leaf.path)))
    .map(({ leaf }) => `${leaf.environment} ${leaf.path}`);
  expect(free).toEqual([]);
});

test("the table says every message", () => {
  const lines = clashes.flatMap(({ leaf, clash }) =>
    clash === undefined ? [] : [`${leaf.environment}:${leaf.path}\n    ${clash}\n`],
  );
  const text = `${String(lines.length)} leaves\n\n${lines.join("")}`;
  if (process.env["LABSTEAD_RENEW"] === "1") writeFileSync(TABLE, text);
  expect(readFileSync(TABLE, "utf8")).toBe(text);
});
