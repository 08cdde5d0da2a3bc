/** Applications on a cluster that somebody else made, under the real engine: no servers, nothing of OpenStack. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { startCloud, type Cloud } from "../../cli/rehearse/cloud";
import { Engine } from "../../rehearsal/engine";
import { program } from "../../stack/program";
import { pulumiExecutable } from "../rehearsal/engine-lab";
import { CLUSTER_ADDRESS, kubeconfig } from "../rehearsal/kubernetes/harness";
import { changed, type Changes, type Json } from "../environment/configs";

const EXAMPLE = resolve(__dirname, "../../examples/existing-cluster.yaml");
const GIVEN = JSON.stringify({
  ...(JSON.parse(kubeconfig(CLUSTER_ADDRESS)) as object),
  users: [{ name: "admin", user: { token: "token" } }],
});
const folder = mkdtempSync(join(tmpdir(), "labstead-existing-"));
let cloud: Cloud;

beforeAll(async () => {
  cloud = await startCloud({ directory: join(folder, "cloud") });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

function open(changes: Changes = {}, stack = "science"): Promise<Engine> {
  const { config } = parse(readFileSync(EXAMPLE, "utf8")) as { readonly config: Json };
  const environment = changed(config["labstead:environment"] as Json, changes);
  const stackFile = join(folder, `Pulumi.${stack}.yaml`);
  writeFileSync(
    stackFile,
    stringify({ config: { ...config, "labstead:environment": environment, "labstead:kubeconfig": GIVEN } }),
  );
  return Engine.open({
    directory: join(folder, "engine"),
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack, stackFile },
    program: () => program({ directory: folder }),
    debugProviders: cloud.debugProviders,
    checkpoints: false,
  });
}

test("it comes up with applications alone, and a second preview is empty", async () => {
  const { changes, stdout } = await (await open()).up();
  expect(changes["create"]).toBeGreaterThan(45);
  expect(stdout).not.toContain("openstack:");
  expect(stdout).not.toMatch(/tls:index\/privateKey:PrivateKey\s+push/);
  const again = await (await open()).preview();
  expect(again.changes).toEqual({ same: expect.any(Number) as number });
});

test("another namespace is stopped before anything is changed", async () => {
  const moved = await open({ "apps.datalab.namespace": "elsewhere" });
  await expect(moved.up()).rejects.toThrow(
    /apps\.datalab\.namespace.*\n?.*deletes the namespace with all users' data/,
  );
  const again = await (await open()).preview();
  expect(again.changes).toEqual({ same: expect.any(Number) as number });
});

test("a new environment begins with sets, and a second preview is empty", async () => {
  const elsewhere = { "apps.datalab.namespace": "sets", deploy: "applySet" };
  const { changes, stdout } = await (await open(elsewhere, "sets")).up();
  expect(changes["create"]).toBeLessThan(20);
  expect(stdout).toContain("labstead:index:ApplySet sets/namespace/sets");
  const again = await (await open(elsewhere, "sets")).preview();
  expect(again.changes).toEqual({ same: expect.any(Number) as number });
});
