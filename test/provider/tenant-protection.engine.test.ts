/** The protection under the official CLI, as a person uses it: what refuses, what leads past it. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { httpNodes } from "../../provider/kubernetes-api/http-nodes";
import { labsteadPackage, NOTHING_MADE } from "../../provider/labstead";
import type { NamespaceObservation } from "../../provider/labstead";
import { serve } from "../../provider-protocol";
import type { Serving } from "../../provider-protocol";
import { ClusterReady, LabsteadProvider, TenantProtection } from "../../provider/sdk";
import { Engine } from "../../rehearsal/engine";
import { CLUSTER_ADDRESS, kubeconfig } from "../rehearsal/kubernetes/harness";
import { pulumiExecutable } from "../rehearsal/engine-lab";

const URN = "urn:pulumi:prod::lab::labstead:index:TenantProtection::tenants";
const ALIVE: NamespaceObservation = { kind: "present", environment: "test", terminating: false, objects: [] };

/** What the cluster answers, and the tokens it was asked with. */
const cluster: { answer: NamespaceObservation; readonly tokens: string[] } = { answer: ALIVE, tokens: [] };
let token = "old";

async function program(): Promise<void> {
  await Promise.resolve();
  const provider = new LabsteadProvider("labstead");
  const access = JSON.parse(kubeconfig(CLUSTER_ADDRESS)) as object;
  const config = JSON.stringify({ ...access, users: [{ name: "admin", user: { token } }] });
  const gates = ["one", "two"].map((name) => new ClusterReady(name, { kubeconfig: config }, { provider }));
  const tenants = { test: { namespaces: ["testlab"] } };
  new TenantProtection(
    "tenants",
    { kubeconfig: config, cluster: "lab", environment: "prod", tenants },
    { provider, dependsOn: gates },
  );
}

const folder = mkdtempSync(join(tmpdir(), "labstead-protection-"));
let serving: Serving;
let engine: Engine;
beforeAll(async () => {
  const handler = labsteadPackage({
    cloud: NOTHING_MADE,
    probe: () => Promise.resolve({ kind: "ready", serverVersion: "v1.36.3", clusterId: "lab" }),
    namespaceProbe: ({ access: { credentials } }) => {
      cluster.tokens.push(credentials.kind === "token" ? credentials.token : "");
      return Promise.resolve(cluster.answer);
    },
    nodes: httpNodes,
    lookPace: { looks: 1, betweenLooks: 0, oneLook: 1_000 },
  });
  serving = await serve(handler);
  engine = await Engine.open({
    directory: folder,
    pulumi: pulumiExecutable(),
    source: { project: "lab", stack: "prod" },
    program,
    debugProviders: `labstead:${serving.port}`,
    checkpoints: false,
  });
});
afterAll(async () => {
  await serving.close();
  rmSync(folder, { recursive: true });
});

/** The CLI in the project's folder; the program is not run. */
async function cli(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(pulumiExecutable(), [...args, "-s", "prod", "--non-interactive"], {
    cwd: join(folder, "project"),
    env: {
      PATH: process.env["PATH"],
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: readFileSync(join(folder, "passphrase"), "utf8"),
      PULUMI_DEBUG_PROVIDERS: `labstead:${serving.port}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number>((done) => child.on("close", (ended) => done(ended ?? 1)));
  return { code, output: output.replaceAll(/\n\s+/g, "\n") };
}

/** Names of what is in the state, the stack itself left out. */
function held(): readonly string[] {
  const text = readFileSync(join(folder, "state/.pulumi/stacks/lab/prod.json"), "utf8");
  const state = JSON.parse(text) as { checkpoint: { latest?: { resources?: { urn: string }[] } } };
  const names = (state.checkpoint.latest?.resources ?? []).map(({ urn }) => urn.split("::").at(-1) ?? "");
  return names.filter((name) => name !== "lab-prod").sort();
}

const ALL = ["labstead", "one", "tenants", "two"];
const REFUSAL = 'tenant test is still in cluster "lab", so nothing was removed\nfound: namespace testlab (';

test("a renewed kubeconfig is no change, and is the one that is asked with", async () => {
  await engine.up();
  token = "renewed";
  expect(Object.keys((await engine.up()).changes)).toEqual(["same"]);
  expect(cluster.tokens).toEqual([]);
  const { code, output } = await cli("destroy", "--yes");
  expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(REFUSAL) as string });
  expect(cluster.tokens).toEqual(["renewed"]);
  expect(held()).toEqual(ALL);
});

test("neither going on after errors nor leaving it out gets past it", async () => {
  expect((await cli("destroy", "--yes", "--continue-on-error")).output).toContain(REFUSAL);
  expect(held()).toEqual(ALL);
  await cli("destroy", "--yes", "--exclude", URN);
  expect(held()).toEqual(ALL);
});

test("a refresh keeps it, with and without tenants", async () => {
  expect((await cli("refresh", "--yes")).code).toBe(0);
  expect(held()).toEqual(ALL);
});

test("where the cluster is lost, the remedy is the one that the error names", async () => {
  cluster.answer = { kind: "waiting", answer: "no answer in time" };
  const { output } = await cli("destroy", "--yes");
  expect(output).toContain("last answer: no answer in time");
  const [, args = ""] = /pulumi (state delete '[^']+') -s prod/.exec(output) ?? [];
  expect(args).toBe(`state delete '${URN}'`);
  expect((await cli(...args.replaceAll("'", "").split(" "), "--yes")).code).toBe(0);
  expect(held()).toEqual(ALL.filter((name) => name !== "tenants"));
  expect((await cli("destroy", "--yes")).code).toBe(0);
  expect(held()).toEqual([]);
});
