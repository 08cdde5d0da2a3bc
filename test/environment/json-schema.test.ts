import Ajv from "ajv";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../../catalog";
import { RENEW_COMMAND, writtenSchema } from "../../tools/stack-schema";
import { changed, ownerBase, ROOT, stackFiles, tenantBase, type Changes, type Json } from "./configs";

const stackSchema = () => environments.stackSchema();
const validate = new Ajv({ strict: true, validateFormats: false, strictTypes: false }).compile(stackSchema());
const stack = (environment: unknown, more: Json = {}) => ({
  config: { "labstead:environment": environment, ...more },
});

test("the written schema is current", () => {
  try {
    expect(writtenSchema()).toEqual(stackSchema());
  } catch (error) {
    throw new Error(`environment/stack.schema.json is not current: run ${RENEW_COMMAND}`, { cause: error });
  }
});

test.each([...stackFiles()])("the schema accepts the file of %s", (_name, file) => {
  expect({ valid: validate(file), errors: validate.errors }).toEqual({ valid: true, errors: null });
});

test("the schema accepts both bases and any other key of Pulumi", () => {
  expect(validate(stack(ownerBase()))).toBe(true);
  expect(validate(stack(tenantBase(), { "openstack:cloud": "lab" }))).toBe(true);
  expect(validate({ ...stack(tenantBase()), encryptionsalt: "v1:xyz", secretsprovider: "passphrase" })).toBe(
    true,
  );
});

const WRONG: readonly (readonly [what: string, changes: Changes])[] = [
  ["an unknown key", { "network.cdir": "10.0.0.0/24" }],
  ["a missing key", { domain: undefined }],
  ["a wrong kind", { "edge.kind": "f5" }],
  ["a key of another kind", { edge: { kind: "octavia", on: "gateway" } }],
  ["a text that is no network", { "network.cidr": "10.0.0.0" }],
  ["a NodePort out of range", { "ingress.http": 80 }],
  ["a name that is no name", { "servers.workers.Big": { flavor: "large" } }],
  ["a size without a unit", { "servers.gluster.volumes.brick.size": "1000" }],
  ["a tenant's key in an owner", { "cluster.owner": "prod" }],
];

test.each(WRONG)("the schema rejects %s", (_what, changes) => {
  expect(validate(stack(changed(ownerBase(), changes)))).toBe(false);
});

test("the schema rejects a stack without an environment", () => {
  expect(validate({ config: { "openstack:cloud": "lab" } })).toBe(false);
});

test("an editor sees what a key is for and what it is by default", () => {
  const { definitions } = stackSchema() as { definitions: { owner: { properties: Json } } };
  expect(definitions.owner.properties["volumeZones"]).toEqual({
    type: "string",
    enum: ["any", "server"],
    default: "any",
    description:
      "server: create each volume in its server's zone, for clouds that do not attach across zones.",
  });
});

test("every key at the top has a description", () => {
  const { definitions } = stackSchema() as {
    definitions: Record<string, { properties: Record<string, Json> }>;
  };
  const bare = Object.values(definitions).flatMap(({ properties }) =>
    Object.keys(properties).filter((key) => typeof properties[key]?.["description"] !== "string"),
  );
  expect(bare).toEqual([]);
});

test.each([
  ["Pulumi.prod.yaml", "./environment"],
  ["Pulumi.test.yaml", "./environment"],
  ["examples/datalabs.yaml", "../environment"],
  ["examples/datalabs-test.yaml", "../environment"],
  ["examples/jupyterhub.yaml", "../environment"],
  ["examples/managed-kubernetes.yaml", "../environment"],
  ["examples/projects.yaml", "../environment"],
  ["examples/savu.yaml", "../environment"],
  ["examples/ska.yaml", "../environment"],
])("%s says to editors where the schema is", (file, folder) => {
  const [first] = readFileSync(join(ROOT, file), "utf8").split("\n");
  expect(first).toBe(`# yaml-language-server: $schema=${folder}/stack.schema.json`);
});
