/** An owner and its tenant, deployed in each of the three ways, under the real engine on the built-in cloud. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CommandError } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { startCloud, type Cloud } from "../../cli/rehearse/cloud";
import type { Deployment } from "../../environment/config";
import { DELETE_DATA } from "../../provider/labstead";
import { Engine, type Outcome } from "../../rehearsal/engine";
import { readJournal } from "../../rehearsal/journal";
import type { StoredObject } from "../../rehearsal/kubernetes/local-cluster";
import { program } from "../../stack/program";
import { changed, type Changes, type Json } from "../environment/configs";
import { Watched } from "../lab/apply-set/engine-stack";
import { pulumiExecutable } from "../rehearsal/engine-lab";

const ROOT = resolve(__dirname, "../..");
const STACKS = ["prod", "test"] as const;
type StackName = (typeof STACKS)[number];

const folder = mkdtempSync(join(tmpdir(), "labstead-deployment-"));
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ directory: join(folder, "cloud") });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

function configure(stack: StackName, deploy: Deployment | undefined, more: Changes = {}): void {
  const name = `Pulumi.${stack}.yaml`;
  const { config } = parse(readFileSync(join(ROOT, name), "utf8")) as { readonly config: Json };
  const environment = changed(config["labstead:environment"] as Json, { deploy, ...more });
  writeFileSync(
    join(folder, name),
    stringify({ config: { ...config, "labstead:environment": environment } }),
  );
}

function open(stack: StackName): Promise<Engine> {
  return Engine.open({
    directory: join(folder, "engine"),
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack, stackFile: join(folder, `Pulumi.${stack}.yaml`) },
    program: () => program({ directory: folder, hasState: () => Promise.resolve(true) }),
    debugProviders: cloud.debugProviders,
    checkpoints: false,
  });
}

async function up(stack: StackName): Promise<Outcome> {
  return (await open(stack)).up();
}

async function deployedAs(deploy: Deployment | undefined): Promise<void> {
  for (const stack of STACKS) configure(stack, deploy);
  for (const stack of STACKS) await up(stack);
}

/** Types of all resources in the state, after an `up`. */
async function registeredTypes(stack: StackName): Promise<readonly string[]> {
  const engine = await open(stack);
  await engine.up();
  const state = (await engine.export()).deployment as {
    readonly resources: readonly { readonly type: string }[];
  };
  return state.resources.map(({ type }) => type);
}

/** UID and generation of every object in the cluster, by its key. */
function live(): ReadonlyMap<string, string> {
  const objects = readJournal<StoredObject>(join(folder, "cloud/kubernetes.jsonl"));
  return new Map(
    [...objects].map(([key, { live: object }]) => {
      const { uid, generation } = object["metadata"] as Readonly<Record<string, unknown>>;
      return [key.split("\0")[1] ?? key, `${String(uid)} ${String(generation)}`] as const;
    }),
  );
}

/** The records of the sets are beside the lab's objects. */
function withoutRecords(objects: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const records = /ConfigMap [a-z-]+\/(prod|test)$/;
  return new Map([...objects].filter(([key]) => !records.test(key)));
}

async function refusal(stack: StackName): Promise<string> {
  const { stdout } = await (await open(stack)).preview().catch((error: unknown) => {
    if (error instanceof CommandError) return { stdout: error.message };
    throw error;
  });
  return stdout.replaceAll(/\n\s+/g, "\n");
}

const NOT_AT_ONCE =
  "deploy: objects → applySet deletes the objects that the sets take over, with the data in them\nwrite objects again; run up with deploy: handover first, to its end\n";

let before: ReadonlyMap<string, string>;

test("one resource for each object is what an environment has that says nothing", async () => {
  await deployedAs(undefined);
  before = live();
  expect([...before.keys()].filter((key) => /\b(datalab|testlab)\//.test(key)).length).toBeGreaterThan(60);
});

test("sets are refused while the state does not know that the objects stay", async () => {
  for (const stack of STACKS) {
    configure(stack, "applySet");
    expect(await refusal(stack)).toContain(NOT_AT_ONCE);
  }
});

test("and while a handover has not come to its end", async () => {
  configure("test", "handover");
  const guard = "urn:pulumi:test::labstead::labstead:index:ChangeGuard::changes";
  await (await open("test")).up({ targets: [guard] });
  configure("test", "applySet");
  expect(await refusal("test")).toContain(NOT_AT_ONCE);
});

const PART = "deployParts.datalab";

test("one part goes first, by a handover of its own, and the others stay resources", async () => {
  configure("test", "objects");
  await up("test");
  configure("test", "objects", { [PART]: "applySet" });
  expect(await refusal("test")).toContain(
    "deployParts.datalab: objects → applySet deletes the objects that the sets take over, with the data in them\n",
  );
  configure("test", "objects", { [PART]: "handover" });
  await up("test");
  configure("test", "objects", { [PART]: "applySet" });
  const types = await registeredTypes("test");
  expect(types.filter((type) => type === "labstead:index:ApplySet").length).toBeGreaterThan(0);
  expect(types.filter((type) => type.startsWith("kubernetes:")).length).toBeGreaterThan(2);
  expect(types).not.toContain("kubernetes:apps/v1:Deployment");
  expect(withoutRecords(live())).toEqual(before);
  configure("test", "objects");
  expect(await refusal("test")).toContain("deploy: applySet → objects creates objects that exist");
});

test("after a handover the sets have the same objects, unchanged", async () => {
  for (const stack of STACKS) configure(stack, "handover", stack === "test" ? { [PART]: "applySet" } : {});
  for (const stack of STACKS) await up(stack);
  expect(withoutRecords(live())).toEqual(before);
  await deployedAs("applySet");
  expect(withoutRecords(live())).toEqual(before);
  for (const stack of STACKS) {
    const { changes } = await (await open(stack)).preview();
    expect({ stack, changes }).toEqual({ stack, changes: { same: expect.any(Number) as number } });
  }
});

test("a change is shown by its objects, and reaches them", async () => {
  configure("test", "applySet", { "apps.datalab.imageTags.api": "2.0.0" });
  const watched = new Watched();
  await (await open("test")).preview({ onEvent: watched.onEvent });
  expect(watched.entries).toEqual(["update testlab/datalab-api/Deployment.apps"]);
  await up("test");
  const after = live();
  const changedKeys = [...before].filter(([key, value]) => after.get(key) !== value).map(([key]) => key);
  expect(changedKeys).toEqual([expect.stringContaining("testlab/datalab-api") as string]);
});

test("the way back is refused, in words", async () => {
  configure("test", "objects");
  expect(await refusal("test")).toContain(
    "deploy: applySet → objects creates objects that exist, and deletes those of the sets\nwrite applySet again; the way from sets to objects is pulumi import of each object (docs/apply-set.md)\n",
  );
});

test("no file of engine or cloud outside of the cluster holds a secret of the charts", () => {
  const secrets = [...readJournal<StoredObject>(join(folder, "cloud/kubernetes.jsonl")).values()]
    .filter(({ live: object }) => object["kind"] === "Secret")
    .flatMap(({ live: object }) => Object.values((object["data"] ?? {}) as Readonly<Record<string, string>>));
  expect(secrets.length).toBeGreaterThan(4);
  const files = readdirSync(join(folder, "engine"), { recursive: true, withFileTypes: true });
  const text = files
    .filter((each) => each.isFile())
    .map((each) => readFileSync(join(each.parentPath, each.name), "utf8"))
    .join("\n");
  for (const secret of secrets) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret, "base64").toString("utf8"));
  }
});

test("a destroy stops at the namespace that holds data, and with it takes everything down", async () => {
  const tenant = await open("test");
  await expect(tenant.destroy()).rejects.toThrow(/testlab.*cannot be deleted|protected/);
  await cloud.stop();
  cloud = await startCloud({ directory: join(folder, "cloud") }, { [DELETE_DATA]: "true" });
  for (const stack of STACKS.toReversed()) {
    const engine = await open(stack);
    await engine.unprotect();
    await engine.destroy();
  }
  expect([...live().keys()].filter((key) => /datalab|testlab|csi-nfs|ingress|labstead/.test(key))).toEqual(
    [],
  );
});
