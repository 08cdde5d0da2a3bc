/** Objects that become apply sets, under the real engine and on the built-in cloud: none is deleted or made again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiObject, App, Chart } from "cdk8s";
import { ValueBindings } from "../../deploy/bindings";
import { kubernetesProvider } from "../../deploy/kubernetes-provider";
import { deployOptions } from "../../deploy/object-options";
import { planCharts } from "../../deploy/plan";
import { registerPlan, type DeployMode } from "../../deploy/register";
import { serve, type Serving } from "../../provider-protocol";
import { LabsteadProvider } from "../../provider/sdk";
import { Engine } from "../../rehearsal/engine";
import { secret } from "../../values";
import { KUBECONFIG } from "../provider/apply-set/set";
import { Watched } from "../lab/apply-set/engine-stack";
import { clusterPackages, type ClusterPackages } from "../rehearsal/kubernetes/cluster-packages";
import { CLUSTER_ADDRESS } from "../rehearsal/kubernetes/harness";
import { pulumiExecutable } from "../rehearsal/engine-lab";

const PASSWORD = "swordfish-4711";
const SALT = "a salt for the digests of tests";

/** What the program declares; tests change it between runs. */
const wanted: { mode: DeployMode["kind"]; color: string; users: readonly string[] } = {
  mode: "objects",
  color: "red",
  users: ["ada", "bob"],
};

function charts(): App {
  const app = new App();
  const chart = new Chart(app, "lab", { namespace: "lab" });
  const object = (kind: string, name: string, fields: object = {}): ApiObject =>
    new ApiObject(chart, `${kind}-${name}`, { apiVersion: "v1", kind, metadata: { name }, ...fields });
  object("Namespace", "lab");
  object("ConfigMap", "settings", { data: { color: wanted.color } });
  object("Secret", "password", { stringData: { password: secret("password").toString() } });
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  for (const user of wanted.users)
    deployOptions(object("PersistentVolumeClaim", user, { spec }), { protect: true });
  for (const user of wanted.users) object("Service", user, { spec: { ports: [{ port: 80 }] } });
  return app;
}

async function program(): Promise<void> {
  await Promise.resolve();
  const provider = kubernetesProvider("kubernetes", { kubeconfig: KUBECONFIG, clusterIdentifier: "lab" });
  const labstead = new LabsteadProvider("labstead");
  const deploy: DeployMode =
    wanted.mode === "applySet"
      ? {
          kind: "applySet",
          name: "lab",
          provider: labstead,
          settings: { kubeconfig: KUBECONFIG, salt: SALT },
          division: {
            kind: "owners",
            ownerOf: ({ kind, metadata }) => (kind === "Service" ? metadata.name : undefined),
          },
        }
      : { kind: wanted.mode };
  const bindings = ValueBindings.of({ secrets: { password: PASSWORD } });
  registerPlan(planCharts(charts()), { provider, bindings, deploy });
}

let folder: string;
let packages: ClusterPackages;
let serving: readonly Serving[];
let engine: Engine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "labstead-sets-"));
  packages = clusterPackages(join(folder, "cloud"), {});
  serving = [await serve(packages.kubernetes), await serve(packages.labstead)];
  const [objects, labstead] = serving.map(({ port }) => String(port));
  engine = await Engine.open({
    directory: join(folder, "work"),
    pulumi: pulumiExecutable(),
    source: { project: "lab", stack: "prod" },
    program,
    debugProviders: `kubernetes:${objects ?? ""},labstead:${labstead ?? ""}`,
    checkpoints: false,
  });
});
afterAll(async () => {
  await Promise.all(serving.map((each) => each.close()));
  packages.clusters.close();
  rmSync(folder, { recursive: true });
});

/** UIDs of the lab's objects by kind and name. */
function live(): Readonly<Record<string, unknown>> {
  const objects = [...packages.clusters.cluster(CLUSTER_ADDRESS).objects()].map((each) => {
    const { name, namespace, uid } = each["metadata"] as Readonly<Record<string, string>>;
    return { kind: JSON.stringify(each["kind"]).replaceAll('"', ""), name: name ?? "", namespace, uid };
  });
  const ours = objects.filter(({ name, namespace }) => name === "lab" || namespace === "lab");
  return Object.fromEntries(ours.map(({ kind, name, uid }) => [`${kind} ${name}`, uid]));
}

const NAMES = [
  "ConfigMap settings",
  "Namespace lab",
  "PersistentVolumeClaim ada",
  "PersistentVolumeClaim bob",
  "Secret password",
  "Service ada",
  "Service bob",
];

let before: Readonly<Record<string, unknown>>;

test("objects become sets in two steps, and every one of them stays what it is", async () => {
  await engine.up();
  before = live();
  expect(Object.keys(before).sort()).toEqual(NAMES);
  wanted.mode = "handover";
  await engine.up();
  expect(live()).toEqual(before);
  wanted.mode = "applySet";
  await engine.up();
  expect(live()).toEqual(before);
});

test("a preview then names no change, and one change by its object", async () => {
  const { changes } = await engine.preview();
  expect(Object.keys(changes)).toEqual(["same"]);
  wanted.color = "blue";
  const watched = new Watched();
  await engine.preview({ onEvent: watched.onEvent });
  expect(watched.entries).toEqual(["update lab/settings/ConfigMap"]);
  await engine.up();
  expect(live()).toEqual(before);
});

test("a removed user's Service goes, its home stays", async () => {
  wanted.users = ["ada"];
  await engine.up();
  expect(Object.keys(live()).sort()).toEqual(NAMES.filter((name) => name !== "Service bob"));
});

test("nothing that the engine or the cloud wrote holds the password or the salt", () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const text = files.map((each) => readFileSync(join(each.parentPath, each.name), "utf8")).join("\n");
  expect(text).toContain("lab/password/Secret");
  for (const hidden of [PASSWORD, Buffer.from(PASSWORD).toString("base64"), SALT])
    expect(text).not.toContain(hidden);
});

test("a destroy leaves what holds data", async () => {
  await engine.destroy();
  expect(Object.keys(live()).sort()).toEqual([
    "Namespace lab",
    "PersistentVolumeClaim ada",
    "PersistentVolumeClaim bob",
  ]);
});
