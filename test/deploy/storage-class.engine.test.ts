/** A class whose policy changes, under the real engine and on the built-in cloud: it is recreated, and nothing else is. */
import * as kubernetes from "@pulumi/kubernetes";
import { ApiObject, App, Chart } from "cdk8s";
import { ValueBindings } from "../../deploy/bindings";
import { planCharts } from "../../deploy/plan";
import { registerPlan } from "../../deploy/register";
import { openClusterStack, type ClusterStack } from "../rehearsal/kubernetes/cluster-stack";
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

let stack: ClusterStack;
beforeAll(async () => {
  stack = await openClusterStack(program);
  expect((await stack.engine.up()).changes).toEqual({ create: 5 });
});
afterAll(() => stack.close());

function live(kind: string): { readonly [field: string]: unknown; readonly uid: unknown } {
  const found = [...stack.packages.clusters.cluster(CLUSTER_ADDRESS).objects()].find(
    (each) => each["kind"] === kind,
  );
  if (found === undefined) throw new Error(`no ${kind}`);
  return { ...found, uid: (found["metadata"] as { uid?: unknown }).uid };
}

test.each([
  ["another policy", { reclaimPolicy: "Retain" }],
  ["another server", { server: "10.0.0.7" }],
])("%s recreates the class under its name, and leaves its claim alone", async (_name, change) => {
  const before = { storage: live("StorageClass").uid, claim: live("PersistentVolumeClaim").uid };
  Object.assign(wanted, change);
  expect((await stack.engine.preview()).changes).toEqual({ replace: 1, same: 4 });
  expect((await stack.engine.up()).changes).toEqual({ replace: 1, same: 4 });
  const { reclaimPolicy, server } = wanted;
  expect(live("StorageClass")).toMatchObject({ reclaimPolicy, parameters: { server } });
  expect(live("StorageClass").uid).not.toBe(before.storage);
  expect(live("PersistentVolumeClaim").uid).toBe(before.claim);
  expect((await stack.engine.preview()).changes).toEqual({ same: 5 });
});

test("other mount options change in place: the API server takes them", async () => {
  const before = live("StorageClass").uid;
  wanted.mountOptions = ["nfsvers=4.2", "hard"];
  expect((await stack.engine.up()).changes).toEqual({ update: 1, same: 4 });
  expect(live("StorageClass")).toMatchObject({ mountOptions: wanted.mountOptions, uid: before });
});
