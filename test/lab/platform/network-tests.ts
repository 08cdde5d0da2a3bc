/**
 * What the network plugin and CoreDNS do on the booted nodes, as tests of a lab that stands: the product's chart, the plan's
 * host firewall, and a cluster that is otherwise left as it was.
 */
import type { CniConfig } from "../../../environment/config";
import { podMtu } from "../../../environment/network-plugin";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { KUBE_ROUTER_NAMESPACE } from "../../../platform/cluster/kube-router/namespace";
import { runs } from "../host/programs";
import { until } from "../machines/host";
import type { Administrator } from "./nodes";
import type { PlatformLab } from "./platform-lab";
import { POD_PORT, TestPods } from "./pods";

runs("curl");

/** A lab whose nodes are Ready, and that has two workers. */
export interface StandingLab {
  readonly lab: PlatformLab;
  readonly administrator: Administrator;
}

const NAMESPACE = "lab-network";
const WORKERS = ["workers.general/0", "workers.general/1"] as const;
/** Answers on the first worker. */
const SERVER = "server";
/** On the other worker, and on the server's own: packets between pods of one node pass its bridge only. */
const CLIENTS = ["far", "near"] as const;
/** IPv4's and ICMP's headers, in bytes. */
const PING_HEADERS = 28;
/** No rule of the plan has it, and nothing listens there. */
const UNPLANNED_PORT = 4444;

/** The plugin of a lab, and its agents on nodes: DaemonSets by their namespaces. */
export interface NetworkUnderTest {
  readonly cni: CniConfig;
  readonly agents: Readonly<Record<string, string>>;
}

const KUBE_ROUTER: NetworkUnderTest = {
  cni: { kind: "kube-router" },
  agents: { [KUBE_ROUTER_NAMESPACE]: "kube-router" },
};

/**
 * @param standing asked within tests, after the lab has come up
 * @param network @default kube-router
 */
export function networkTests(standing: () => StandingLab, { cni, agents } = KUBE_ROUTER): void {
  let pods: TestPods;

  test(`${Object.values(agents).join(" and ")} on every node, and CoreDNS has not restarted`, async () => {
    const { administrator } = standing();
    const rollout = ["rollout", "status", "--timeout=120s", "--request-timeout=0"];
    for (const [namespace, name] of Object.entries(agents))
      await administrator.must([...rollout, `daemonset/${name}`, "--namespace", namespace]);
    await administrator.must([...rollout, "deployment/coredns", "--namespace", "kube-system"]);
    expect(await restarts(administrator, "kube-system", "k8s-app=kube-dns")).toEqual(["0", "0"]);
  });

  test("pods of two nodes talk, each with its own address", async () => {
    const { lab, administrator } = standing();
    const [one, other] = WORKERS.map((key) => lab.server(key).name);
    pods = new TestPods(administrator, NAMESPACE);
    const node = { server: one, far: other, near: one };
    await pods.start(
      [SERVER, ...CLIENTS].map((name) => ({ name, node: node[name as keyof typeof node] ?? "" })),
    );
    const server = pods.address(SERVER);
    for (const client of CLIENTS) expect(await pods.get(client, server)).toBe(SERVER);
    expect(await pods.askers(SERVER)).toEqual(CLIENTS.map((client) => pods.address(client)));
  });

  test("CoreDNS resolves the name of a Service in a pod", async () => {
    const ports = [{ port: 80, targetPort: POD_PORT }];
    const metadata = { name: "web", namespace: NAMESPACE };
    await pods.apply([
      { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app: SERVER }, ports } },
    ]);
    for (const name of ["web", `web.${NAMESPACE}`, `web.${NAMESPACE}.svc.cluster.local`])
      expect(await until(`an answer of ${name}`, 60, () => pods.get("far", name, 80))).toBe(SERVER);
    expect(await pods.get("far", `nobody.${NAMESPACE}`, 80)).toBeUndefined();
  });

  test("a NetworkPolicy forbids every pod, of the same node too; another lets one of them in again", async () => {
    const server = pods.address(SERVER);
    const seen = () => Promise.all(CLIENTS.map((client) => pods.get(client, server)));
    expect(await seen()).toEqual([SERVER, SERVER]);
    await pods.apply([ingressPolicy("nobody", [])]);
    await until("nobody gets in", 60, async () => ((await seen()).join() === "," ? true : undefined));
    await pods.apply([
      ingressPolicy("far-only", [{ from: [{ podSelector: { matchLabels: { app: "far" } } }] }]),
    ]);
    expect(await until("who is allowed gets in", 60, () => pods.get("far", server))).toBe(SERVER);
    expect(await seen()).toEqual([SERVER, undefined]);
  });

  test("the plan's host firewall stays in force: a port that is not the plan's is refused, and pods work", async () => {
    const { lab } = standing();
    const [worker, address] = [lab.machine(WORKERS[1]), addressOf(lab.plan, WORKERS[1])];
    const serve = ["python3", "-m", "http.server", String(UNPLANNED_PORT)];
    await worker.must(["systemd-run", "--quiet", "--unit=unplanned", "--working-directory=/srv", ...serve]);
    const ask = (host: string) => [
      ..."curl --silent --output /dev/null --max-time 3".split(" "),
      `http://${host}:${String(UNPLANNED_PORT)}/`,
    ];
    await until("the port on its own node", 30, async () =>
      (await worker.run(ask("127.0.0.1"))).code === 0 ? true : undefined,
    );
    // Of curl: no answer in time.
    expect((await lab.outside(ask(address))).code).toBe(28);
    expect(await pods.get("far", pods.address(SERVER))).toBe(SERVER);
    await worker.must(["systemctl", "stop", "unplanned"]);
  });

  test("pods have the plan's MTU: a packet of that size passes whole between nodes, and no larger one", async () => {
    const { lab } = standing();
    const mtu = podMtu(cni, lab.plan.network.mtu);
    const link = (await pods.run("far", ["ip", "link", "show", "eth0"])).stdout;
    expect(/ mtu (\d+) /.exec(link)?.[1]).toBe(String(mtu));
    const ping = await pinging(lab, pods.address("far"), pods.address(SERVER));
    expect(await ping(mtu - PING_HEADERS)).toMatch(/ 0% packet loss/);
    expect(await ping(mtu - PING_HEADERS + 1)).toMatch(new RegExp(`message too long, mtu=${String(mtu)}`));
    await pods.end();
  });
}

/** Of every container of the pods with a label. */
async function restarts(
  administrator: Administrator,
  namespace: string,
  label: string,
): Promise<readonly string[]> {
  const path = "jsonpath={.items[*].status.containerStatuses[*].restartCount}";
  const text = await administrator.must([
    "get",
    "pods",
    "--namespace",
    namespace,
    "--selector",
    label,
    "--output",
    path,
  ]);
  return text.split(" ");
}

/** Lets in to the server what the rules say, and nobody else. */
function ingressPolicy(name: string, ingress: readonly object[]): object {
  const spec = { podSelector: { matchLabels: { app: SERVER } }, policyTypes: ["Ingress"], ingress };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: NAMESPACE },
    spec,
  };
}

function addressOf(plan: EnvironmentPlan, key: string): string {
  const address = plan.servers.find((each) => each.key === key)?.address;
  if (address?.kind !== "planned") throw new Error(`${key} has no planned address`);
  return address.ip;
}

/** What pings whole packets, by the node's own `ping`, in the network namespace of a pod: the shell in it has none that can. */
async function pinging(
  lab: PlatformLab,
  from: string,
  to: string,
): Promise<(bytes: number) => Promise<string>> {
  const worker = lab.machine(WORKERS[1]);
  const names = (await worker.must(["ip", "netns", "list"])).trim().split("\n");
  for (const [name = ""] of names.map((line) => line.split(" "))) {
    const shown = await worker.run(["ip", "-n", name, "-o", "-4", "address", "show", "to", from]);
    if (shown.code !== 0 || shown.stdout === "") continue;
    return async (bytes) => {
      const ping = ["ping", "-M", "do", "-c", "1", "-W", "3", "-s", String(bytes), to];
      const { stdout, stderr } = await worker.run(["ip", "netns", "exec", name, ...ping]);
      return `${stdout}${stderr}`;
    };
  }
  throw new Error(`no pod on ${worker.name} has ${from}`);
}
