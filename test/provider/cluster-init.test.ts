import { clusterInitHandler } from "../../provider/cluster-init/handler";
import { PERMIT_FILE, MEMBER_FILE, type PermitResult } from "../../provider/cluster-init/permits";
import type { DiffResult, PropertyMap } from "../../provider-protocol";
import { reveal, Secret } from "../../provider-protocol";
import { ETCD, PERMIT } from "../../platform/machines/kubernetes/paths";
import { sshKeys } from "./ssh-keys";

const KEY = sshKeys().private;
const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4";

const inputs = (changes: PropertyMap = {}): PropertyMap => ({
  cluster: "prod",
  server: "controlPlane/0",
  connection: {
    host: "192.168.3.26",
    user: "labstead",
    privateKey: KEY,
    hostKey: HOST_KEY,
    via: { kind: "direct" },
  },
  ...changes,
});

let logged: string[] = [];
let permits: string[] = [];
beforeEach(() => {
  logged = [];
  permits = [];
});

const base = {
  urn: "urn:pulumi:prod::labstead::labstead:index:ClusterInit::prod",
  type: "labstead:index:ClusterInit",
  name: "prod",
  timeoutSeconds: undefined,
  signal: new AbortController().signal,
  log: (severity: string, message: string): void => void logged.push(`${severity}: ${message}`),
};

const handler = (given: PermitResult = "given") =>
  clusterInitHandler((_, { server }, text) => {
    permits.push(`${server}: ${text}`);
    return Promise.resolve(given);
  });

const diff = (before: PropertyMap, after: PropertyMap): Promise<DiffResult> =>
  handler().diff({
    ...base,
    id: "prod",
    oldInputs: before,
    oldState: {},
    newInputs: after,
    ignoreChanges: [],
  });

test("the permit is given when it is made, and is in no output", async () => {
  const made = await handler().create({ ...base, preview: false, inputs: inputs() });
  expect(made).toEqual({ id: "prod", outputs: { cluster: "prod", founder: "controlPlane/0" } });
  expect(permits).toEqual(["controlPlane/0: controlPlane/0 may initialize the cluster prod, once\n"]);
});

test("a preview gives none", async () => {
  await handler().create({ ...base, preview: true, inputs: inputs() });
  expect(permits).toEqual([]);
});

test("a machine that is in a cluster already is reported as such", async () => {
  await handler("member").create({ ...base, preview: false, inputs: inputs() });
  expect(logged).toEqual(["info: controlPlane/0 is a member of a cluster already: no permit was given"]);
});

test("neither another machine nor another route to it gives a second permit; another cluster has its own", async () => {
  expect((await diff(inputs(), inputs({ server: "controlPlane/1" }))).changes).toEqual({});
  expect((await diff(inputs(), inputs({ connection: { host: "192.168.3.27" } }))).changes).toEqual({});
  expect((await diff(inputs(), inputs({ cluster: "other" }))).changes).toEqual({
    cluster: { change: "update", replace: true },
  });
});

test("a refresh asks nothing, a removal takes nothing back, and nothing is imported", async () => {
  const state = { cluster: "prod", founder: "controlPlane/0" };
  const read = await handler().read({ ...base, id: "prod", inputs: inputs(), state });
  expect(read?.outputs).toEqual(state);
  await handler().delete({ ...base, id: "prod", inputs: inputs(), state });
  expect(permits).toEqual([]);
  expect(() => handler().read({ ...base, id: "prod", inputs: {}, state: {} })).toThrow(
    "ClusterInit cannot be imported: let `up` make it; a member of a cluster is given no permit",
  );
});

test("inputs are checked all together, and the private key is a secret", async () => {
  const check = (newInputs: PropertyMap) =>
    handler().check({ ...base, oldInputs: {}, newInputs, randomSeed: new Uint8Array() });
  const { inputs: kept, failures } = await check(inputs());
  expect(failures).toEqual([]);
  expect((kept["connection"] as PropertyMap)["privateKey"]).toBeInstanceOf(Secret);
  expect(reveal(kept)).toMatchObject(inputs({ connection: { host: "192.168.3.26", privateKey: KEY } }));
  const wrong = await check({ ...inputs({ cluster: "", timeoutSeconds: 0 }), token: "x" });
  expect(wrong.failures?.map(({ property }) => property)).toEqual(["token", "cluster", "timeoutSeconds"]);
});

test("provider and machine speak of the same files", () => {
  expect(PERMIT_FILE).toBe(PERMIT);
  expect(MEMBER_FILE.startsWith(`${ETCD}/`)).toBe(true);
});
