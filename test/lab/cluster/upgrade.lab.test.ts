/**
 * From the release before to the default one, as a person does it: `cluster.version` and the generations counted up. Control
 * planes and workers are recreated one by one through the plugin's own gates, while a client outside never stops asking a
 * service of two replicas.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { setUp } from "../host/undo";
import { kubernetesVersion, type BuiltMinor } from "../kubernetes/binaries";
import { until } from "../machines/host";
import type { Client } from "./client";
import { TestCluster } from "./cluster";
import { memberList, type MemberList } from "./etcd";
import { clusterRelease, forgetRelease, imageOf, nodeReleases, serverReleases } from "./releases";
import { clusterPlan } from "./plans";
import { servedReplicas } from "./workload";

const [OLD, NEW] = [kubernetesVersion("1.35"), kubernetesVersion("1.36")];
const [FIRST, SECOND, THIRD] = ["controlPlane/0", "controlPlane/1", "controlPlane/2"] as const;
const CONTROL_PLANES = [FIRST, SECOND, THIRD];
const WORKERS = ["workers.general/0", "workers.general/1"] as const;
/** Comes in the middle: its pool grows. */
const EARLY = "workers.general/2";
const NODE_PORT = 30080;
const UNIT = "labstead-kubernetes.service";

let cluster: TestCluster;
let client: Client | undefined;
let founded: string;
let before: MemberList;
const note = (text: string): void => void process.stderr.write(`  ${text}\n`);
const seconds = (since: number): string => `${String(Math.round((Date.now() - since) / 100) / 10)} s`;

/** What clients use comes in at the gateways. */
function plan(version: BuiltMinor): EnvironmentPlan {
  return clusterPlan(3, { edge: { kind: "haproxy", on: "gateway" }, "cluster.version": version });
}

const SERVICE = (): string => `http://${cluster.apiAddress}/`;
const clusterId = (): Promise<string> =>
  cluster.kubectlMust(["get", "namespace", "kube-system", "--output", "jsonpath={.metadata.uid}"]);

setUp(async (undo) => {
  cluster = undo.use(await TestCluster.open(plan("1.35"), ["1.35", "1.36"]));
  undo.later(() => client?.kill());
});

/** The node is there, has its network, and is Ready: what the next one in the chain waits for. */
async function back(key: string): Promise<void> {
  const { name } = cluster.planned.server(key);
  const range = ["get", "node", name, "--output", "jsonpath={.spec.podCIDR}"];
  await cluster.eventually(`node ${name}`, 240, range, (text) => text !== "");
  await cluster.network();
  await cluster.greetNodes();
  await cluster.gate("create", key);
}

/** As the engine does it: the gate empties the node, the server goes, another one comes, the gate waits for it. */
async function roll(key: string, volumes: "kept" | "lost" = "kept"): Promise<void> {
  const from = Date.now();
  await cluster.gate("delete", key);
  const emptied = seconds(from);
  await cluster.remove(key, { volumes });
  await cluster.start(key);
  await back(key);
  note(`${key} rolled: emptied in ${emptied}, back after ${seconds(from)}`);
}

test("the release before forms, and its service answers through the gateways", async () => {
  const from = Date.now();
  await cluster.startAll(["gateway/0", FIRST, "gateway/1", SECOND, THIRD, ...WORKERS], FIRST);
  note(`booted and pushed: ${seconds(from)}`);
  for (const key of [...CONTROL_PLANES, ...WORKERS]) await back(key);
  note(`${OLD}: boot to all nodes Ready: ${seconds(from)}`);
  expect(new Set(Object.values(await nodeReleases(cluster)))).toEqual(new Set([OLD]));
  expect(await clusterRelease(cluster)).toBe(OLD);
  await cluster.kubectlMust(["apply", "--filename", "-"], servedReplicas(NODE_PORT));
  await cluster.kubectlMust(["rollout", "status", "deployment/answers", "--timeout=90s"]);
  await until("the service through the gateways", 60, async () => {
    const probe = cluster.requests(SERVICE());
    await pause(3000);
    const { count, failed, slowest } = await probe.end();
    return count > 0 && failed.length === 0 && slowest.seconds < 1 ? true : undefined;
  });
  founded = await clusterId();
  before = await memberList(cluster, FIRST);
});

test("control planes first, each Ready before the next: the cluster's settings follow the first, its addons the last", async () => {
  client = cluster.requests(SERVICE());
  await cluster.follow(plan("1.36"), "1.36");
  await cluster.start(EARLY);
  await roll(FIRST);
  expect(await clusterRelease(cluster)).toBe(NEW);

  // An old one whose settings are applied again, as after a reboot with a change, takes nothing back.
  const old = cluster.machine(THIRD);
  old.write("/var/lib/labstead/kubeadm-applied", "others\n");
  await old.must(["systemctl", "restart", "labstead-kubernetes.service"]);
  await old.said(UNIT, `the cluster's settings are those of Kubernetes ${NEW} already`, { seconds: 60 });
  expect(await clusterRelease(cluster)).toBe(NEW);

  // One without its volume joins by the cluster's settings, so it brings them itself where nobody has.
  await forgetRelease(cluster, OLD);
  await roll(SECOND, "lost");
  expect(await clusterRelease(cluster)).toBe(NEW);
  expect(await serverReleases(cluster, CONTROL_PLANES)).toEqual({
    [FIRST]: NEW,
    [SECOND]: NEW,
    [THIRD]: OLD,
  });
  const early = cluster.machine(EARLY);
  await early.said(UNIT, `this server has Kubernetes ${NEW} and an API server ${OLD}`);
  expect(Object.keys(await nodeReleases(cluster))).not.toContain(cluster.planned.server(EARLY).name);
  expect(await imageOf(cluster, "daemonset/kube-proxy")).toMatch(`:v${OLD}`);

  await roll(THIRD);
  expect(await serverReleases(cluster, CONTROL_PLANES)).toEqual({
    [FIRST]: NEW,
    [SECOND]: NEW,
    [THIRD]: NEW,
  });
  await back(EARLY);
  const proxy = async (): Promise<boolean> =>
    (await imageOf(cluster, "daemonset/kube-proxy")).endsWith(`:v${NEW}`);
  await until("kube-proxy follows", 120, async () => (await proxy()) || undefined);
});

test("then the workers, one by one, and no request was lost in all that time", async () => {
  for (const key of WORKERS) await roll(key);
  const seen = await client?.end();
  if (seen === undefined) throw new Error("nobody asked");
  note(`${String(seen.count)} requests, slowest ${JSON.stringify(seen.slowest)}`);
  expect(seen.failed).toEqual([]);
  expect(seen.count).toBeGreaterThan(500);
});

test("everything has the new release, and it is the cluster that was founded", async () => {
  expect(new Set(Object.values(await nodeReleases(cluster)))).toEqual(new Set([NEW]));
  expect(await clusterRelease(cluster)).toBe(NEW);
  for (const key of CONTROL_PLANES) {
    const machine = cluster.machine(key);
    const { name, address } = cluster.planned.server(key);
    for (const program of ["kube-apiserver", "kube-controller-manager", "kube-scheduler"])
      expect(await imageOf(cluster, `pod/${program}-${name}`)).toMatch(new RegExp(`/${program}:v${NEW}$`));
    // Its kubelet asks the API server beside it: no other one could be older.
    const own = address.kind === "planned" ? address.ip : "";
    expect(machine.read("/etc/kubernetes/kubelet.conf")).toContain(`server: https://${own}:6443`);
  }
  await cluster.kubectlMust(["--namespace", "kube-system", "rollout", "status", "daemonset/kube-proxy"]);
  const images = ["kubeadm", "config", "images", "list", "--kubernetes-version", `v${NEW}`];
  expect(await cluster.machine(FIRST).must(images)).toContain(await imageOf(cluster, "deployment/coredns"));
  const after = await memberList(cluster, FIRST);
  expect(after.header.cluster_id).toBe(before.header.cluster_id);
  expect(after.members.map(({ name }) => name).sort()).toEqual(before.members.map(({ name }) => name).sort());
  expect(await clusterId()).toBe(founded);
});
