/**
 * Owner and tenant by the official Kubernetes plugin on a real API server, each with its own kubeconfig. OpenStack is the
 * built-in cloud's; no node runs the pods, so nobody waits for them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { parseState } from "../../../cli/shared/stack-state";
import { withoutCluster } from "../../../cli/engine/without-cluster";
import { tenantIdentity } from "../../../trust/cluster-trust";
import { startPlugin, type Plugin } from "../../../provider/main";
import { startCloud, type Cloud } from "../../../cli/rehearse/cloud";
import { Engine } from "../../../rehearsal/engine";
import { program } from "../../../stack/program";
import { pulumiExecutable } from "../../rehearsal/engine-lab";
import { setUp } from "../host/undo";
import type { ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { pluginFolder } from "./plugin";

const ROOT = resolve(__dirname, "../../..");
/** Seconds in which the plugin has long finished what it does; where it waits without an end, it has not. */
const DESTROYED = 120;

let folder: string;
let plugins: string;
let cluster: ControlPlane;
let admin: ApiClient;
let cloud: Cloud;
let labstead: Plugin;

setUp(async (undo) => {
  folder = undo.folder("plugin");
  plugins = await pluginFolder((line) => void process.stderr.write(`  ${line}\n`));
  cluster = undo.use(await ControlPlane.start());
  admin = await cluster.client();
  await cluster.startControllers();
  cloud = await startCloud({ directory: join(folder, "cloud") });
  undo.later(() => cloud.stop());
  labstead = await startPlugin();
  undo.later(() => labstead.stop());
  configure("prod", await cluster.kubeconfig());
  configure("test", await cluster.kubeconfig(tenantIdentity("test")));
});

function configure(stack: string, kubeconfig: string): void {
  const name = `Pulumi.${stack}.yaml`;
  const { config } = parse(readFileSync(join(ROOT, name), "utf8")) as { readonly config: object };
  writeFileSync(join(folder, name), stringify({ config: { ...config, "labstead:kubeconfig": kubeconfig } }));
}

/** Nothing runs pods here, and the plugin would wait ten minutes for each workload. */
const withoutWaiting: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (!type.startsWith("kubernetes:apps/")) return undefined;
  const { metadata, ...rest } = props as {
    readonly metadata: pulumi.Input<{ readonly annotations?: object }>;
  };
  const marked = pulumi.output(metadata).apply((given) => ({
    ...given,
    annotations: { ...given.annotations, "pulumi.com/skipAwait": "true" },
  }));
  return { props: { ...rest, metadata: marked }, opts };
};

function open(stack: string): Promise<Engine> {
  const others = cloud.debugProviders.split(",").filter((each) => !/^(labstead|kubernetes):/.test(each));
  return Engine.open({
    directory: join(folder, "engine"),
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack, stackFile: join(folder, `Pulumi.${stack}.yaml`) },
    program: () => {
      pulumi.runtime.registerStackTransformation(withoutWaiting);
      return program({ directory: folder, hasState: () => Promise.resolve(true) });
    },
    debugProviders: [...others, `labstead:${String(labstead.port)}`].join(","),
    environment: { PATH: `${plugins}:${process.env["PATH"] ?? ""}` },
  });
}

const exists = async (path: string): Promise<boolean> => (await admin.get(path)).status === 200;

/** What was done within the time, and what the engine said where it was not. */
async function inTime(
  seconds: number,
  work: (run: { readonly onOutput: (text: string) => void }) => Promise<unknown>,
) {
  let output = "";
  const enough = new AbortController();
  const late = pause(seconds * 1000, "late" as const, { signal: enough.signal });
  const done = work({ onOutput: (text) => (output += text) }).then(() => "done" as const);
  const first = await Promise.race([done, late]);
  enough.abort();
  if (first === "late") throw new Error(`not done after ${String(seconds)} s\n${output.slice(-3000)}`);
}

test("a first up begins without an API, waits for it, and makes every object", async () => {
  await cluster.stopApi();
  const prod = await open("prod");
  const up = prod.up();
  up.catch(() => undefined);
  await pause(20_000);
  await cluster.resumeApi();
  expect((await up).changes["create"]).toBeGreaterThan(200);
  expect(await exists("/apis/apps/v1/namespaces/datalab/deployments/datalab-app")).toBe(true);
  expect(Object.keys((await prod.preview()).changes)).toEqual(["same"]);
});

test("a tenant comes up with its own limited kubeconfig, and its second preview is empty", async () => {
  const tenant = await open("test");
  await tenant.up();
  expect(await exists("/api/v1/namespaces/kube-system/services/ingress-nginx-test")).toBe(true);
  expect(Object.keys((await tenant.preview()).changes)).toEqual(["same"]);
});

test("destroying the tenant ends: it sees its entry, its way in and its namespace gone", async () => {
  const tenant = await open("test");
  await tenant.unprotect();
  await inTime(DESTROYED, (run) => tenant.destroy(run));
  expect(await exists("/api/v1/namespaces/testlab")).toBe(false);
});

test("an owner is destroyed with all its objects", async () => {
  const prod = await open("prod");
  await prod.unprotect();
  await inTime(DESTROYED, (run) => prod.destroy(run));
  expect(await exists("/api/v1/namespaces/datalab")).toBe(false);
});

test("an owner whose API is away is not destroyed, and is when its cluster is known to be gone", async () => {
  const prod = await open("prod");
  await prod.up();
  await prod.unprotect();
  await cluster.stopApi();
  await expect(prod.destroy()).rejects.toThrow("tenants");
  const state = await prod.export();
  await prod.import(withoutCluster(parseState(JSON.stringify(state))));
  await prod.destroy();
  expect((await prod.export()).deployment).not.toHaveProperty("resources");
});
