/** The decisions of `recover`, without an engine. */
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { protectionText } from "../../cli/shared/protection";
import { decisions } from "../../cli/recover/decisions";
import { derivedId } from "../../cli/recover/derived-id";
import { heldText } from "../../cli/shared/interruption";
import { judge } from "../../cli/recover/judge";
import { backendFolder, isStale, locksIn, locksOf } from "../../cli/shared/locks";
import { criteriaOf, type Finder } from "../../cli/recover/lookup";
import { withTaken } from "../../cli/recover/take-over";
import { parseState, type PendingOperation, type StackState } from "../../cli/shared/stack-state";
import { removeHalfWritten } from "../../cli/shared/file-backend";
import { CONSTRUCTORS } from "../../infra/constructors";
import { keys } from "../../infra/keys";
import { findResources } from "../../rehearsal/search";
import { SEARCHED_TYPES } from "../../openstack-api/resources/search";

const VOLUME = "openstack:blockstorage/volume:Volume";
const NO_DECISIONS = decisions({});

function resource(type: string, name: string, more: object = {}): object {
  return { urn: `urn:pulumi:prod::labstead::${type}::${name}`, type, custom: true, ...more };
}

function stateOf(resources: readonly object[], pending: readonly object[] = []): StackState {
  return parseState(
    JSON.stringify({ version: 3, deployment: { manifest: {}, resources, pending_operations: pending } }),
  );
}

function creating(type: string, name: string, inputs: object): PendingOperation {
  const state = stateOf([], [{ type: "creating", resource: resource(type, name, { inputs }) }]);
  return state.deployment.pending_operations[0]!;
}

/** Finds these ids, whatever is asked. */
function finding(...ids: readonly string[]): Finder {
  return { find: () => Promise.resolve(ids.map((id) => ({ id }))) };
}

describe("what was being made", () => {
  const operation = creating(VOLUME, "data", { name: "lab-data", __defaults: [] });

  test("and is in the cloud once is taken over", async () => {
    const verdict = await judge(operation, stateOf([]), finding("v1"), NO_DECISIONS);
    expect(verdict).toMatchObject({ kind: "take", take: { id: "v1", recreate: false } });
  });

  test("and is not in the cloud is dropped", async () => {
    expect(await judge(operation, stateOf([]), finding(), NO_DECISIONS)).toMatchObject({ kind: "drop" });
  });

  test("and is there several times is for the user to decide", async () => {
    expect(await judge(operation, stateOf([]), finding("v1", "v2"), NO_DECISIONS)).toMatchObject({
      kind: "doubtful",
      why: "the cloud has several: v1, v2",
    });
  });

  test("is not what the state has already", async () => {
    const state = stateOf([resource(VOLUME, "data", { id: "v1" })]);
    expect(await judge(operation, state, finding("v1"), NO_DECISIONS)).toMatchObject({ kind: "drop" });
  });

  test("and is there besides what the state has, is a copy or a replacement: it is not guessed", async () => {
    const state = stateOf([resource(VOLUME, "data", { id: "v1", inputs: { name: "lab-data" } })]);
    expect(await judge(operation, state, finding("v1", "v2"), NO_DECISIONS)).toMatchObject({
      kind: "doubtful",
      why: "the state has v1, the cloud also has v2: a copy, or its replacement",
    });
  });

  test("and replaces what the state knows by other things is no copy of it", async () => {
    const state = stateOf([resource(VOLUME, "data", { id: "v1", inputs: { name: "lab-other" } })]);
    expect(await judge(operation, state, finding("v2"), NO_DECISIONS)).toMatchObject({
      kind: "take",
      take: { id: "v2" },
    });
    const attachment = "openstack:compute/volumeAttach:VolumeAttach";
    const moved = creating(attachment, "a", { instanceId: "i2", volumeId: "v" });
    const before = { id: "i1/v", inputs: { instanceId: "i1", volumeId: "v" } };
    expect(
      await judge(moved, stateOf([resource(attachment, "a", before)]), finding(), NO_DECISIONS),
    ).toMatchObject({ kind: "take", take: { id: "i2/v" } });
  });

  test("and failed in the cloud is made recreate, whatever protects it: there is nothing in it", async () => {
    const broken = { find: () => Promise.resolve([{ id: "v1", broken: true as const }]) };
    const verdict = await judge(operation, stateOf([]), broken, NO_DECISIONS);
    expect(verdict).toMatchObject({ kind: "take", take: { id: "v1", recreate: true } });
    if (verdict.kind !== "take") throw new Error("not taken");
    expect(withTaken(stateOf([]), [verdict.take]).deployment.resources[0]).toMatchObject({
      taint: true,
      protect: false,
    });
  });

  test("is what the user decides", async () => {
    const taken = await judge(operation, stateOf([]), finding("v1", "v2"), decisions({ take: ["data=v2"] }));
    expect(taken).toMatchObject({ kind: "take", take: { id: "v2" } });
    const dropped = await judge(operation, stateOf([]), finding("v1", "v2"), decisions({ drop: ["data"] }));
    expect(dropped).toMatchObject({ kind: "drop" });
  });

  test("of a type that cannot be looked for is for the user to decide", async () => {
    const other = creating("openstack:dns/zone:Zone", "zone", { name: "lab." });
    expect(await judge(other, stateOf([]), finding("z"), NO_DECISIONS)).toMatchObject({ kind: "doubtful" });
  });

  test.each([
    "random:index/randomPassword:RandomPassword",
    "tls:index/privateKey:PrivateKey",
    "labstead:index:ClusterReady",
    "pulumi:providers:openstack",
  ])("and lives in the state only, as %s, is made again", async (type) => {
    expect(await judge(creating(type, "x", { a: 1 }), stateOf([]), finding("x"), NO_DECISIONS)).toMatchObject(
      {
        kind: "drop",
      },
    );
  });

  test("with a secret that is returned once is removed, to be recreated", async () => {
    const type = "openstack:identity/applicationCredential:ApplicationCredential";
    const credential = creating(type, "cloud", { name: "lab-cloud" });
    const verdict = await judge(credential, stateOf([]), finding("c1"), NO_DECISIONS);
    expect(verdict).toMatchObject({ kind: "take", take: { recreate: true, lost: true } });
    if (verdict.kind !== "take") throw new Error("not taken");
    expect(withTaken(stateOf([]), [verdict.take]).deployment.resources[0]).toMatchObject({ taint: true });
  });
});

test("what was being changed or deleted is read", async () => {
  for (const type of ["updating", "deleting"]) {
    const operation = { ...creating(VOLUME, "data", {}), type };
    expect(await judge(operation, stateOf([]), finding(), NO_DECISIONS)).toMatchObject({ kind: "read" });
  }
});

test("a --take without name or id is reported", () => {
  for (const text of ["volume", "=id", "volume="])
    expect(() => decisions({ take: [text] })).toThrow(`--take ${text}: write <name>=<id>`);
});

describe("the state", () => {
  const inputs = { name: "lab-data", __defaults: [] };
  const take = { operation: creating(VOLUME, "data", inputs), id: "v2", recreate: false, lost: false };

  test("gets what was made, as the engine would have written it, behind everything else", () => {
    const before = stateOf([resource("pulumi:pulumi:Stack", "stack")], [take.operation]);
    const { resources, pending_operations: open } = withTaken(before, [take]).deployment;
    expect(open).toEqual([]);
    expect(resources.map(({ urn }) => urn.split("::").at(-1))).toEqual(["stack", "data"]);
    expect(resources[1]).toMatchObject({ id: "v2", inputs, outputs: { name: "lab-data" } });
    expect(resources[1]?.outputs).not.toHaveProperty("__defaults");
  });

  test("keeps the old one of a replacement to be deleted, in its dependents' order", () => {
    const user = resource(VOLUME, "user", { dependencies: [take.operation.resource.urn] });
    const before = stateOf([resource(VOLUME, "data", { id: "v1" }), user]);
    const { resources } = withTaken(before, [take]).deployment;
    expect(resources.map(({ id, delete: gone }) => [id, gone])).toEqual([
      ["v2", undefined],
      [undefined, undefined],
      ["v1", true],
    ]);
  });

  test("forgets the old one that was deleted first", () => {
    const before = stateOf([resource(VOLUME, "data", { id: "v1", pendingReplacement: true })]);
    expect(withTaken(before, [take]).deployment.resources.map(({ id }) => id)).toEqual(["v2"]);
  });
});

test("ids that follow from inputs", () => {
  const state = stateOf([
    resource("openstack:networking/floatingIp:FloatingIp", "f", {
      id: "f1",
      outputs: { address: "203.0.113.7" },
    }),
  ]);
  const idOf = (type: string, inputs: object) => derivedId(creating(type, "x", inputs).resource, state);
  expect(idOf("openstack:compute/keypair:Keypair", { name: "lab" })).toBe("lab");
  expect(idOf("openstack:compute/volumeAttach:VolumeAttach", { instanceId: "i", volumeId: "v" })).toBe("i/v");
  expect(
    idOf("openstack:networking/floatingIpAssociate:FloatingIpAssociate", { floatingIp: "203.0.113.7" }),
  ).toBe("f1");
  expect(idOf("kubernetes:core/v1:Secret", { metadata: { namespace: "a", name: "b" } })).toBe("a/b");
  expect(idOf("kubernetes:core/v1:Namespace", { metadata: { name: "b" } })).toBe("b");
  expect(idOf(VOLUME, { name: "lab" })).toBeUndefined();
});

test.each(Object.keys(CONSTRUCTORS))("%s, which the program makes, is found again", (type) => {
  const inputs = {
    name: "n",
    description: "d",
    instanceId: "i",
    volumeId: "v",
    floatingIp: "203.0.113.7",
    poolId: "p",
    routerId: "r",
    securityGroupId: "g",
    loadbalancerId: "l",
  };
  const { resource: sought } = creating(type, "x", inputs);
  const floating = resource("openstack:networking/floatingIp:FloatingIp", "f", {
    id: "f1",
    outputs: { address: "203.0.113.7" },
  });
  const derived = derivedId(sought, stateOf([floating]));
  expect(derived === undefined).toBe(criteriaOf(sought) !== undefined);
  if (derived === undefined) {
    expect(SEARCHED_TYPES).toContain(type);
    expect(findResources(tmpdir(), type, {})).toEqual([]);
  }
});

test("a rule without ports is not looked up as one with ports", () => {
  const rule = "openstack:networking/secGroupRule:SecGroupRule";
  const { resource: plain } = creating(rule, "r", { securityGroupId: "g", direction: "egress" });
  expect(criteriaOf(plain)).toMatchObject({ securityGroupId: "g", portRangeMin: null, remoteGroupId: null });
});

describe("locks", () => {
  const folder = mkdtempSync(join(tmpdir(), "labstead-locks-"));
  const place = join(folder, ".pulumi/locks/organization/labstead/prod");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const lock = (pid: number, host = hostname()) => ({
    pid,
    username: "ada",
    hostname: host,
    timestamp: "2026-11-21T01:24:08.844095031Z",
  });

  test("are read from the backend's folder", () => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "1.json"), JSON.stringify(lock(7)));
    writeFileSync(join(place, "1.json.attrs"), "");
    expect(locksOf(folder, "labstead", "prod")).toEqual([lock(7)]);
    expect(locksOf(folder, "labstead", "test")).toEqual([]);
    expect([backendFolder("file:///a/b?x=1"), backendFolder("s3://b")]).toEqual(["/a/b", undefined]);
  });

  test("are read from what the engine says on other backends", () => {
    const said =
      "error: the stack is currently locked by 1 lock(s). …\n  s3://b/.pulumi/locks/x.json: created by ada@lab7 (pid 41) at 2026-11-21T01:24:08Z";
    expect(locksIn(said)).toEqual([
      { username: "ada", hostname: "lab7", pid: 41, timestamp: "2026-11-21T01:24:08Z" },
    ]);
  });

  test("of a process that has ended are stale, of another host never", () => {
    expect(isStale(lock(2 ** 22 + 1))).toBe(true);
    expect(isStale(lock(2 ** 22 + 1, "elsewhere"))).toBe(false);
  });

  test("of a number that another program has now are stale", () => {
    expect(isStale(lock(process.pid))).toBe(true);
  });

  test("of a running engine are not stale, of a killed one are", async () => {
    // The kernel names a process by the file that it was started from.
    const executable = join(folder, "pulumi");
    copyFileSync("/bin/sleep", executable);
    const engine = spawn(executable, ["60"], { stdio: "ignore" });
    await new Promise((resolve) => engine.once("spawn", resolve));
    expect(isStale(lock(engine.pid!))).toBe(false);
    engine.kill("SIGKILL");
    await new Promise((resolve) => engine.once("exit", resolve));
    expect(isStale(lock(engine.pid!))).toBe(true);
  });

  test("of others are reported with what to do", () => {
    expect(heldText("prod", [lock(41, "lab7")])).toBe(
      [
        "prod is locked by ada@lab7 (pid 41, since 2026-11-21T01:24:08Z), nothing was changed",
        "wait until that run has ended; if it was killed, run labstead recover on lab7,",
        "or, where lab7 is gone for good: pulumi cancel --stack prod, then labstead recover here",
      ].join("\n"),
    );
  });

  test("and states that were being described when the engine died are readable again", () => {
    const stacks = join(folder, ".pulumi/stacks/labstead");
    mkdirSync(stacks, { recursive: true });
    for (const [name, text] of [
      ["prod.json", "{}"],
      ["prod.json.attrs", ""],
      ["prod.json.1.tmp", "{"],
      ["prod.json.bak.attrs", "{}"],
      ["test.json.attrs", ""],
    ] as const)
      writeFileSync(join(stacks, name), text);
    removeHalfWritten(folder, "labstead", "prod");
    expect(readdirSync(stacks).sort()).toEqual(["prod.json", "prod.json.bak.attrs", "test.json.attrs"]);
    expect(readdirSync(place)).toEqual(["1.json"]);
  });
});

test("nothing protected is no obstacle, and what only waits for its deletion does not count", () => {
  const key = keys.volume("gluster/0/brick");
  expect(protectionText("prod", stateOf([resource(VOLUME, key, { protect: false })]), "x")).toBeUndefined();
  expect(
    protectionText("prod", stateOf([resource(VOLUME, key, { protect: true, delete: true })]), "x"),
  ).toBeUndefined();
  expect(protectionText("prod", stateOf([resource(VOLUME, key, { protect: true })]), "x")).toContain(
    `  ${key} (Volume)`,
  );
});
