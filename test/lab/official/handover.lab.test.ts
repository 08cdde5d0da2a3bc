/**
 * Objects that the official Kubernetes plugin made on a real API server become members of an apply set: every one keeps its
 * UID, and the plugin owns none of their fields any more.
 */
import { join } from "node:path";
import { ApiObject, App, Chart } from "cdk8s";

import { ValueBindings } from "../../../deploy/bindings";
import { kubernetesProvider } from "../../../deploy/kubernetes-provider";
import { fieldOf, type JsonObject } from "../../../deploy/manifest";
import { planCharts } from "../../../deploy/plan";
import { registerPlan, type DeployMode } from "../../../deploy/register";
import { startPlugin } from "../../../provider/main";
import { LabsteadProvider } from "../../../provider/sdk";
import { Engine } from "../../../rehearsal/engine";
import { pulumiExecutable } from "../../rehearsal/engine-lab";
import { SALT } from "../apply-set/engine-stack";
import { setUp } from "../host/undo";
import type { ApiClient } from "../kubernetes/api-client";
import { ControlPlane } from "../kubernetes/control-plane";
import { pluginFolder } from "./plugin";

const wanted: { mode: DeployMode["kind"]; color: string } = { mode: "objects", color: "red" };
let admin: ApiClient;
let engine: Engine;

setUp(async (undo) => {
  const folder = undo.folder("handover");
  const plugins = await pluginFolder((line) => void process.stderr.write(`  ${line}\n`));
  const cluster = undo.use(await ControlPlane.start());
  admin = await cluster.client();
  const kubeconfig = await cluster.kubeconfig();
  const labstead = await startPlugin();
  undo.later(() => labstead.stop());
  engine = await Engine.open({
    directory: join(folder, "work"),
    pulumi: pulumiExecutable(),
    source: { project: "lab", stack: "test" },
    program: () => {
      register(kubeconfig);
      return Promise.resolve();
    },
    debugProviders: `labstead:${String(labstead.port)}`,
    environment: { PATH: `${plugins}:${process.env["PATH"] ?? ""}` },
  });
});

function register(kubeconfig: string): void {
  const provider = kubernetesProvider("kubernetes", { kubeconfig, clusterIdentifier: "lab" });
  const labstead = new LabsteadProvider("labstead");
  const settings = { kubeconfig, salt: SALT };
  const deploy: DeployMode =
    wanted.mode === "applySet"
      ? { kind: "applySet", name: "lab", provider: labstead, settings }
      : { kind: wanted.mode };
  registerPlan(planCharts(charts()), { provider, bindings: ValueBindings.of({}), deploy });
}

function charts(): App {
  const app = new App();
  const chart = new Chart(app, "lab", { namespace: "lab" });
  const object = (kind: string, name: string, fields: object = {}): ApiObject =>
    new ApiObject(chart, `${kind}-${name}`, { apiVersion: "v1", kind, metadata: { name }, ...fields });
  object("Namespace", "lab");
  object("ConfigMap", "settings", { data: { color: wanted.color, size: "1" } });
  object("Service", "web", { spec: { selector: { app: "web" }, ports: [{ port: 80 }] } });
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  object("PersistentVolumeClaim", "home", { spec });
  return app;
}

const PATHS = [
  "/api/v1/namespaces/lab",
  "/api/v1/namespaces/lab/configmaps/settings",
  "/api/v1/namespaces/lab/services/web",
  "/api/v1/namespaces/lab/persistentvolumeclaims/home",
];

function live(): Promise<readonly JsonObject[]> {
  return Promise.all(PATHS.map(async (path) => (await admin.get(path)).body));
}

async function uids(): Promise<readonly unknown[]> {
  return (await live()).map((each) => fieldOf(each, "metadata", "uid"));
}

test("objects become a set in two steps, with the UIDs that they had", async () => {
  await engine.up();
  const before = await uids();
  expect(before.filter((uid) => typeof uid === "string")).toHaveLength(PATHS.length);
  for (const mode of ["handover", "applySet"] as const) {
    wanted.mode = mode;
    await engine.up();
    expect(await uids()).toEqual(before);
  }
  wanted.color = "blue";
  await engine.up();
  expect(await uids()).toEqual(before);
  const [, settings] = await live();
  expect(fieldOf(settings, "data")).toEqual({ color: "blue", size: "1" });
  expect(Object.keys((await engine.preview()).changes)).toEqual(["same"]);
});

test("the plugin owns no field of them any more, and its annotations are gone", async () => {
  for (const each of await live()) {
    const managers = (fieldOf(each, "metadata", "managedFields") as readonly JsonObject[])
      .filter(({ operation, subresource }) => operation === "Apply" && subresource === undefined)
      .map(({ manager }) => manager);
    expect(managers).toEqual(["labstead/default/lab"]);
    expect(JSON.stringify(fieldOf(each, "metadata", "annotations") ?? {})).not.toContain("pulumi");
  }
});
