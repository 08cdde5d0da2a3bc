import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { ClusterReady } from "../../../provider/sdk";
import { openClusterStack, type ClusterStack } from "./cluster-stack";
import { CLUSTER_ADDRESS, kubeconfig } from "./harness";

const PULUMI = resolve(".tools/bin/pulumi");
const PASSWORD = "correct-horse-battery";

/** What the program declares; tests change it between runs. */
const wanted = { replicas: 1, image: "nginx:1", password: PASSWORD, certificate: "old", name: "settings" };

async function program(): Promise<void> {
  await Promise.resolve();
  const config = JSON.stringify({
    ...(JSON.parse(kubeconfig(CLUSTER_ADDRESS)) as object),
    users: [{ name: "admin", user: { token: wanted.certificate } }],
  });
  const gate = new ClusterReady("gate", { kubeconfig: config, cluster: "lab", wants: { nodes: 3 } });
  const provider = new kubernetes.Provider("lab", {
    kubeconfig: pulumi.secret(config),
    clusterIdentifier: "lab",
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    enableServerSideApply: true,
  });
  const first = { provider, dependsOn: [gate] };
  const namespace = new kubernetes.core.v1.Namespace("lab", { metadata: { name: "lab" } }, first);
  const inside = { provider, dependsOn: [namespace] };
  const metadata = (name: string) => ({ name, namespace: "lab" });
  new kubernetes.core.v1.Secret(
    "password",
    { metadata: metadata("password"), stringData: { password: wanted.password } },
    inside,
  );
  const service = new kubernetes.core.v1.Service(
    "web",
    { metadata: metadata("web"), spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] } },
    inside,
  );
  const data = { address: service.spec.clusterIP };
  new kubernetes.core.v1.ConfigMap("settings", { metadata: metadata(wanted.name), data }, inside);
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: wanted.image }] } };
  const spec = { replicas: wanted.replicas, selector: { matchLabels: labels }, template };
  new kubernetes.apps.v1.Deployment("web", { metadata: metadata("web"), spec }, inside);
}

let stack: ClusterStack;
beforeAll(async () => {
  stack = await openClusterStack(program);
});
afterAll(() => stack.close());

it("the pinned engine is there", () => expect(existsSync(PULUMI)).toBe(true));

describe("a stack of Kubernetes objects under the real engine", () => {
  it("is previewed, made, and then unchanged", async () => {
    expect((await stack.engine.preview()).changes).toEqual({ create: 8 });
    expect((await stack.engine.up()).changes).toEqual({ create: 8 });
    expect((await stack.engine.preview()).changes).toEqual({ same: 8 });
    const [cluster] = stack.packages.clusters.identities();
    expect(cluster).toBe(CLUSTER_ADDRESS);
    const config = [...stack.packages.clusters.cluster(CLUSTER_ADDRESS).objects()].find(
      (each) => each["kind"] === "ConfigMap",
    );
    expect(config?.["data"]).toEqual({ address: "10.97.0.1" });
  });

  it("changes in place what can change, and nothing else", async () => {
    Object.assign(wanted, { replicas: 3, image: "nginx:2", password: "another-one" });
    expect((await stack.engine.preview()).changes).toEqual({ update: 2, same: 6 });
    expect((await stack.engine.up()).changes).toEqual({ update: 2, same: 6 });
  });

  it("takes a renewed kubeconfig without touching gate or objects", async () => {
    wanted.certificate = "renewed";
    expect((await stack.engine.up()).changes).toEqual({ update: 1, same: 7 });
    expect((await stack.engine.preview()).changes).toEqual({ same: 8 });
  });

  it("replaces what cannot", async () => {
    wanted.name = "settings-2";
    expect((await stack.engine.up()).changes).toEqual({ replace: 1, same: 7 });
  });

  it("keeps secrets out of state and store", () => {
    const state = readFileSync(join(stack.folder, "work/state/.pulumi/stacks/lab/prod.json"), "utf8");
    const store = readFileSync(join(stack.folder, "cloud/kubernetes.jsonl"), "utf8");
    for (const secret of [PASSWORD, "another-one", "renewed"]) {
      for (const text of [secret, Buffer.from(secret).toString("base64")]) {
        expect(state).not.toContain(text);
        expect(store).not.toContain(text);
      }
    }
  });

  it("is refreshed without change, and destroyed", async () => {
    expect((await stack.engine.refresh()).changes).toEqual({ same: 8 });
    expect((await stack.engine.destroy()).changes).toEqual({ delete: 8 });
    const left = [...stack.packages.clusters.cluster(CLUSTER_ADDRESS).objects()].map((each) => each["kind"]);
    expect(left.sort()).toEqual(["Namespace", "Namespace", "Namespace", "Namespace", "Service"]);
  });
});
