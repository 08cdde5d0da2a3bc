/** prod's cluster of three control planes and two workers behind its two gateways, from the plan's own user data. */
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { clusterValues } from "../../../environment/cluster-values";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { setUp } from "../host/undo";
import { until } from "../machines/host";
import { TestCluster } from "./cluster";
import { memberList, type MemberList } from "./etcd";
import { peakMemory, resetPeakMemory } from "./memory";
import { clusterPlan } from "./plans";
import { Watch } from "./watch";
import { NAME, twoReplicas } from "./workload";

const FIRST = "controlPlane/0";
const SECOND = "controlPlane/1";
const WORKER = "workers.general/0";
const ALL = [FIRST, SECOND, "controlPlane/2", "workers.general/0", "workers.general/1"] as const;
const NOT_READY_SECONDS = 15;
/** Seconds until the controller manager calls a silent node not ready (node-monitor-grace-period), and to start pods. */
const GRACE = 50;
const MARGIN = 40;

let cluster: TestCluster;
const seconds = (since: number): number => Math.round((Date.now() - since) / 100) / 10;
const note = (text: string): void => void process.stderr.write(`  ${text}\n`);

/** How long its pods wait for a node is cut short. */
const plan = (proxyMode: "iptables" | "nftables" = "iptables"): EnvironmentPlan =>
  clusterPlan(2, {
    "servers.workers.general.labels": { "lab.example.org/disk": "fast" },
    "cluster.nodes": { notReadySeconds: NOT_READY_SECONDS, proxyMode },
  });

setUp(async (undo) => {
  resetPeakMemory();
  cluster = undo.use(await TestCluster.open(plan()));
});

interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly addresses: readonly { readonly type: string; readonly address: string }[] };
}

const allReady = (count: number) => (text: string) =>
  text
    .trim()
    .split("\n")
    .filter((line) => / Ready /.test(line)).length === count;

async function ready(count: number, within: number): Promise<void> {
  await cluster.eventually(
    `${String(count)} nodes`,
    within,
    ["get", "nodes", "--no-headers"],
    (text) => text.trim().split("\n").length >= count,
  );
  await cluster.network();
  await cluster.greetNodes();
  await cluster.eventually(
    `${String(count)} nodes Ready`,
    within,
    ["get", "nodes", "--no-headers"],
    allReady(count),
  );
}

const clusterId = async (): Promise<string> =>
  cluster.kubectlMust(["get", "namespace", "kube-system", "--output", "jsonpath={.metadata.uid}"]);
let founded: string;
let before: MemberList;

const memberNames = ({ members }: MemberList): readonly string[] => members.map(({ name }) => name).sort();
const controlPlanes = (): readonly string[] => cluster.nodes("controlPlane").map(({ name }) => name);

/** The first control plane is a voting member again, and its node is Ready. */
async function firstIsBack(): Promise<MemberList> {
  const back = await until("its etcd", 240, async () => {
    const seen = await memberList(cluster, FIRST).catch(() => undefined);
    const voting = seen?.members.filter(({ isLearner = false }) => !isLearner).length;
    return voting === 3 ? seen : undefined;
  });
  await ready(5, 120);
  return back;
}

test("it forms: all nodes Ready, with their planned addresses and labels", async () => {
  const from = Date.now();
  await cluster.startAll(["gateway/0", FIRST, "gateway/1", ...ALL.slice(1)], FIRST);
  note(`booted and pushed: ${String(seconds(from))} s`);
  await ready(5, 240);
  note(`boot to all nodes Ready: ${String(seconds(from))} s`);
  const { items } = await cluster.json<{ readonly items: readonly Node[] }>(["get", "nodes"]);
  for (const server of [...cluster.nodes("controlPlane"), ...cluster.nodes("workers")]) {
    const node = items.find(({ metadata }) => metadata.name === server.name);
    const internal = node?.status.addresses.find(({ type }) => type === "InternalIP")?.address;
    expect({ kind: "planned", ip: internal }).toEqual(server.address);
    if (server.role === "workers")
      expect(node?.metadata.labels).toMatchObject({ "lab.example.org/disk": "fast" });
  }
  await cluster.eventually(
    "labels of pools",
    90,
    ["get", "nodes", "--selector", "node-restriction.kubernetes.io/pool=general", "--no-headers"],
    (text) => text.trim().split("\n").length === 2,
  );
  founded = await clusterId();
  before = await memberList(cluster, FIRST);
  expect(memberNames(before)).toEqual(controlPlanes());
});

/** User data with its files that travel in base64 as they are on the machine. */
function plainly(userData: string): string {
  const { write_files: files } = parse(userData) as {
    readonly write_files: readonly { readonly content: string; readonly encoding?: string }[];
  };
  const encoded = files.filter(({ encoding }) => encoding === "b64");
  return [userData, ...encoded.map(({ content }) => Buffer.from(content, "base64").toString())].join("\n");
}

test("the user data of the machines holds their own key, and none of the cluster's", () => {
  for (const key of ALL) {
    const reported = plainly(cluster.machine(key).read("/var/lib/cloud/seed/nocloud/user-data"));
    const own = cluster.planned.bound(clusterValues.nodeKey(key).base64().toString());
    expect(reported).toContain(own);
    for (const secret of cluster.trust.secrets) {
      expect(reported).not.toContain(secret.split("\n")[1] ?? secret);
      expect(reported).not.toContain(Buffer.from(secret).toString("base64").slice(0, 200));
    }
  }
});

test("Secrets are encrypted in etcd, every write stands in the audit log, and there is no bootstrap token", async () => {
  await cluster.kubectlMust(["create", "secret", "generic", "probe", "--from-literal=word=in-plain-text"]);
  const machine = cluster.machine(FIRST);
  const plain = await machine.run(["grep", "-r", "-q", "in-plain-text", "/var/lib/etcd/data/member"]);
  expect(plain.code).toBe(1);
  // The gateways choose the API server that is asked.
  const logs = await Promise.all(
    [FIRST, SECOND, "controlPlane/2"].map((key) =>
      cluster.machine(key).run(["grep", "-q", '"name":"probe"', "/var/log/kubernetes/audit/audit.log"]),
    ),
  );
  expect(logs.map(({ code }) => code)).toContain(0);
  const tokens = ["--namespace", "kube-system", "--field-selector", "type=bootstrap.kubernetes.io/token"];
  expect(await cluster.kubectlMust(["get", "secrets", ...tokens, "--output", "name"])).toBe("");
});

test("the timer's service renews a control plane's certificates: its API server shows them without a restart", async () => {
  const { name } = cluster.planned.server(SECOND);
  const machine = cluster.machine(SECOND);
  const file = "openssl x509 -noout -serial -in /etc/kubernetes/pki/apiserver.crt";
  const shown =
    "openssl s_client -connect localhost:6443 < /dev/null 2> /dev/null | openssl x509 -noout -serial";
  const serial = (script: string): Promise<string> => machine.must(["sh", "-c", script]);
  const processes = (): Promise<string> => machine.must(["pgrep", "-x", "kube-apiserver"]);
  const [old, running] = [await serial(file), await processes()];
  expect(await serial(shown)).toBe(old);
  const watch = Watch.writes(cluster);
  await machine.must(["systemctl", "start", "labstead-certificates.service"]);
  const renewed = await serial(file);
  expect(renewed).not.toBe(old);
  await until("the new certificate on the wire", 120, async () =>
    (await serial(shown)) === renewed ? true : undefined,
  );
  expect(await watch.longestGap()).toBeLessThan(5);
  expect(await processes()).toBe(running);
  const end = [
    "get",
    "node",
    name,
    "--output",
    "jsonpath={.metadata.annotations.labstead\\.dev/certificates-end}",
  ];
  // Authorities of the tests live for a day.
  expect(Date.parse(await cluster.kubectlMust(end))).toBeGreaterThan(Date.now());
  await ready(5, 60);
});

test("another mode of kube-proxy that is pushed to the control planes reaches every node", async () => {
  const everywhere = async (mode: string): Promise<void> => {
    for (const key of ALL)
      await until(`kube-proxy of ${key} by ${mode}`, 180, async () => {
        const asked = await cluster
          .machine(key)
          .run(["curl", "--silent", "http://127.0.0.1:10249/proxyMode"]);
        return asked.stdout === mode ? true : undefined;
      });
  };
  await everywhere("iptables");
  await cluster.follow(plan("nftables"), "1.36");
  for (const key of [FIRST, SECOND, "controlPlane/2"]) {
    await cluster.planned.push(key, cluster.machine(key));
    await ready(5, 120);
  }
  await everywhere("nftables");
});

test("with a control plane killed the API takes writes again in under ten seconds, and it comes back", async () => {
  const watch = Watch.writes(cluster);
  await cluster.machine(SECOND).kill();
  await pause(20_000);
  const gap = await watch.longestGap();
  note(`control plane killed: ${String(gap)} s without writes`);
  await cluster.machine(SECOND).start();
  await until("its etcd", 120, async () => {
    const seen = await memberList(cluster, SECOND).catch(() => undefined);
    return seen?.members.length === 3 ? true : undefined;
  });
  await ready(5, 120);
  expect(gap).toBeLessThan(10);
});

test("the first control plane recreated with its volume resumes as the same member", async () => {
  const from = Date.now();
  await cluster.replace(FIRST, { volumes: "kept" });
  const after = await firstIsBack();
  note(`replaced, volume kept: ${String(seconds(from))} s`);
  expect(after.header.cluster_id).toBe(before.header.cluster_id);
  expect(after.members.map(({ ID }) => ID).sort()).toEqual(before.members.map(({ ID }) => ID).sort());
  expect(await clusterId()).toBe(founded);
});

test("recreated without its volume it joins as a new member, and founds nothing", async () => {
  const from = Date.now();
  await cluster.replace(FIRST, { volumes: "lost" });
  const after = await firstIsBack();
  note(`replaced, volume lost: ${String(seconds(from))} s`);
  expect(after.header.cluster_id).toBe(before.header.cluster_id);
  expect(memberNames(after)).toEqual(controlPlanes());
  const old = before.members.map(({ ID }) => ID);
  expect(after.members.filter(({ ID }) => !old.includes(ID)).map(({ name }) => name)).toEqual([
    cluster.planned.server(FIRST).name,
  ]);
  expect(await clusterId()).toBe(founded);
});

test("with a worker killed its pods run elsewhere within the tolerations", async () => {
  await cluster.kubectlMust(["apply", "--filename", "-"], twoReplicas());
  const pods = ["get", "pods", "--selector", `app=${NAME}`, "--output", "wide", "--no-headers"];
  const running = (text: string): readonly string[] =>
    text.split("\n").filter((line) => / Running /.test(line));
  await cluster.eventually("two pods", 90, pods, (text) => running(text).length === 2);
  const { name } = cluster.planned.server(WORKER);
  expect(await cluster.kubectlMust(pods)).toContain(name);
  const from = Date.now();
  await cluster.machine(WORKER).kill();
  const within = NOT_READY_SECONDS + GRACE + MARGIN;
  const elsewhere = (text: string): boolean =>
    running(text).filter((line) => !line.includes(name)).length === 2;
  await cluster.eventually("two pods elsewhere", within, pods, elsewhere);
  expect(seconds(from)).toBeLessThan(within);
  note(`worker killed, pods elsewhere: ${String(seconds(from))} s`);
});

test("with the gateway of the VIP killed the API answers again in under ten seconds", async () => {
  const holder = await cluster.holderOfVip();
  const watch = Watch.writes(cluster);
  await cluster.machine(holder).kill();
  await pause(15_000);
  const gap = await watch.longestGap();
  note(`gateway killed: ${String(gap)} s without writes`);
  await cluster.machine(holder).start();
  expect(gap).toBeLessThan(10);
  note(`peak memory of all machines: ${String(peakMemory())} MiB`);
});
