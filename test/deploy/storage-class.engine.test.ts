/** A class whose policy changes, under the real engine and on the built-in cloud: it is made anew, and nothing else is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { ApiObject, App, Chart } from "cdk8s";
import { ValueBindings } from "../../deploy/bindings";
import { planCharts } from "../../deploy/plan";
import { registerPlan } from "../../deploy/register";
import { serve, type Serving } from "../../provider-protocol";
import { Engine } from "../../rehearsal/engine";
import { clusterPackages, type ClusterPackages } from "../rehearsal/kubernetes/cluster-packages";
import { CLUSTER_ADDRESS, kubeconfig } from "../rehearsal/kubernetes/harness";

/** What the program declares; tests change it between runs. */
const wanted = { reclaimPolicy: "Delete", mountOptions: ["nfsvers=4.1"], server: "10.0.0.6" };

async function program(): Promise<void> {
  await Promise.resolve();
  const provider = new kubernetes.Provider("lab", {
    kubeconfig: kubeconfig(CLUSTER_ADDRESS),
    clusterIdentifier: "lab",
    enableServerSideApply: true,
  });
  const chart = new Chart(new App(), "storage");
  const storage = new ApiObject(chart, "Class", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "shared" },
    provisioner: "nfs.csi.k8s.io",
    parameters: { server: wanted.server },
    mountOptions: wanted.mountOptions,
    reclaimPolicy: wanted.reclaimPolicy,
    volumeBindingMode: "Immediate",
  });
  const claim = new ApiObject(chart, "Claim", {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "homes", namespace: "default" },
    spec: {
      storageClassName: "shared",
      accessModes: ["ReadWriteMany"],
      resources: { requests: { storage: "1Gi" } },
    },
  });
  claim.addDependency(storage);
  registerPlan(planCharts([chart]), { provider, bindings: ValueBindings.of({}) });
}

let folder: string;
let packages: ClusterPackages;
let serving: readonly Serving[];
let engine: Engine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "labstead-class-"));
  packages = clusterPackages(join(folder, "cloud"), { nodes: () => 3 });
  serving = [await serve(packages.kubernetes), await serve(packages.labstead)];
  const [objects, gate] = serving.map(({ port }) => port);
  engine = await Engine.open({
    directory: join(folder, "work"),
    pulumi: resolve(".tools/bin/pulumi"),
    source: { project: "lab", stack: "prod" },
    program,
    debugProviders: `kubernetes:${objects},labstead:${gate}`,
  });
  expect((await engine.up()).changes).toEqual({ create: 5 });
});
afterAll(async () => {
  await Promise.all(serving.map((each) => each.close()));
  packages.clusters.close();
  rmSync(folder, { recursive: true });
});

function live(kind: string): { readonly [field: string]: unknown; readonly uid: unknown } {
  const found = [...packages.clusters.cluster(CLUSTER_ADDRESS).objects()].find(
    (each) => each["kind"] === kind,
  );
  if (found === undefined) throw new Error(`no ${kind}`);
  return { ...found, uid: (found["metadata"] as { uid?: unknown }).uid };
}

test.each([
  ["another policy", { reclaimPolicy: "Retain" }],
  ["another server", { server: "10.0.0.7" }],
])("%s makes the class anew, under its name, and leaves its claim alone", async (_name, change) => {
  const before = { storage: live("StorageClass").uid, claim: live("PersistentVolumeClaim").uid };
  Object.assign(wanted, change);
  expect((await engine.preview()).changes).toEqual({ replace: 1, same: 4 });
  expect((await engine.up()).changes).toEqual({ replace: 1, same: 4 });
  const { reclaimPolicy, server } = wanted;
  expect(live("StorageClass")).toMatchObject({ reclaimPolicy, parameters: { server } });
  expect(live("StorageClass").uid).not.toBe(before.storage);
  expect(live("PersistentVolumeClaim").uid).toBe(before.claim);
  expect((await engine.preview()).changes).toEqual({ same: 5 });
});

test("other mount options change in place: the API server takes them", async () => {
  const before = live("StorageClass").uid;
  wanted.mountOptions = ["nfsvers=4.2", "hard"];
  expect((await engine.up()).changes).toEqual({ update: 1, same: 4 });
  expect(live("StorageClass")).toMatchObject({ mountOptions: wanted.mountOptions, uid: before });
});
