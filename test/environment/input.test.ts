/** Environments in TypeScript: the generated types say what the schema says, and doc comments reach an editor. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { z } from "zod";
import { defineEnvironment, defineTenant, environmentOf } from "../../environment/define";
import type { ExistingInput, OwnerInput, TenantInput } from "../../environment/input";
import { environments, type AppsInput } from "../../catalog";
import { ROOT } from "../cli/command";
import type {
  AppsConfig,
  existingEnvironment,
  ownerEnvironment,
  tenantEnvironment,
} from "../../environment/schema/environment";

/** As the schema takes it, with the lists readonly, and without `undefined` as a value. */
type Written<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer Entry)[]
    ? readonly Written<Entry>[]
    : { readonly [K in keyof T]: Written<Exclude<T[K], undefined>> };

type Apps = z.ZodType<AppsConfig, AppsInput>;
type OwnerSchema = z.input<ReturnType<typeof ownerEnvironment<Apps>>>;
type TenantSchema = z.input<ReturnType<typeof tenantEnvironment<Apps>>>;
type ExistingSchema = z.input<ReturnType<typeof existingEnvironment<Apps>>>;

/** Does not compile where a schema and its generated type differ, in either direction. */
const schemaIsInput: readonly [
  (written: Written<OwnerSchema>) => OwnerInput,
  (written: OwnerInput) => Written<OwnerSchema>,
  (written: Written<TenantSchema>) => TenantInput,
  (written: TenantInput) => Written<TenantSchema>,
  (written: Written<ExistingSchema>) => ExistingInput,
  (written: ExistingInput) => Written<ExistingSchema>,
] = [(each) => each, (each) => each, (each) => each, (each) => each, (each) => each, (each) => each];

test("the types are those of the schema", () => {
  expect(schemaIsInput).toHaveLength(6);
});

test("the written types are current", () => {
  const command = ["--import", "tsx", "tools/input-types.ts", "--check"];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("every key of the top level has a doc comment", () => {
  const file = join(ROOT, "environment/input.ts");
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const roots = source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ name }) => ["OwnerInput", "TenantInput", "ExistingInput"].includes(name.text));
  const bare = roots.flatMap(({ members }) =>
    members.filter((each) => ts.getJSDocCommentsAndTags(each).length === 0).map((each) => each.getText()),
  );
  expect(roots).toHaveLength(3);
  expect(bare).toEqual([]);
});

const { parse } = environments;

const SMALL = defineEnvironment({
  domain: "lab.example.org",
  image: "ubuntu-24.04",
  cluster: { kind: "own" },
  network: { kind: "managed", cidr: "192.168.3.0/24" },
  keyPair: { kind: "existing", name: "operators" },
  access: {
    kind: "bastion",
    operator: { kind: "allowlist", from: ["198.51.100.0/24"] },
    ssh: { from: ["198.51.100.0/24"] },
  },
  servers: {
    bastion: { flavor: "tiny", floatingIp: true },
    loadBalancer: { flavor: "small", min: 2 },
    controlPlane: { flavor: "medium", min: 3 },
    workers: { general: { flavor: "large", min: 2 } },
  },
});

test("an environment in TypeScript is the one of a stack file with the same content", () => {
  const parsed = parse("prod", JSON.parse(JSON.stringify(SMALL)));
  expect(parsed.ok && parsed.config).toEqual(environmentOf(parse, "prod", SMALL).config);
});

test("a tenant gets the owner that is given with it", () => {
  const tenant = defineTenant({ domain: "lab.example.org", cluster: { kind: "shared", owner: "prod" } });
  const pair = environmentOf(parse, "test", tenant, SMALL);
  expect([pair.config.name, pair.owner?.name]).toEqual(["test", "prod"]);
});

test("what is wrong is said as for a stack file", () => {
  expect(() => environmentOf(parse, "prod", { ...SMALL, domain: "lab" })).toThrow(
    'environment prod: 1 error, nothing was changed\n  domain: "lab" is not a host name; write it in full and in lower case, such as lab.example.org',
  );
});

test("an owner with an owner is an error", () => {
  expect(() => environmentOf(parse, "prod", SMALL, SMALL)).toThrow(
    "owner: is given for an environment that is no tenant; leave it out, or write cluster: {kind: shared, owner: …}",
  );
});
