/**
 * A person dials in by the generated files: the gateway has the plan's own tunnel and firewall, and behind it stand
 * servers with theirs. WireGuard runs in user space where the kernel has none.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { bindValues, type Reference } from "../../../values";
import { clientFiles, clients, type Client, type ClientFile } from "../../../platform/clients";
import { machines } from "../../../platform/machines";
import { changed, configOf, environmentOf, planOf, ROOT, type Json } from "../../environment/configs";
import { runs } from "../host/programs";
import { setUp } from "../host/undo";
import { host, until } from "../machines/host";
import { madeUp, sshKey } from "../machines/planned-machines";
import { Node } from "./node";

runs("bash", "chmod", "curl", "ip", "nft", "ping", "sed", "sysctl", "wg", "wg-quick", "wireguard-go");

const TUNNEL = "/etc/wireguard/wg0.conf";
const FIREWALL = "/etc/labstead/firewall.nft";
const FOLDER = "/run/ada";
/** Of the gateways, as the cloud gave it, and of people somewhere. */
const FLOATING = "203.0.113.2";
const HOME = "198.18.7.5";
const VIP = "192.168.3.4";
/** What servers answer inside, by what it is. */
const INSIDE = [
  { address: "192.168.3.5", port: 80, says: "edge" },
  { address: "192.168.3.5", port: 443, says: "edge, TLS" },
  { address: "192.168.3.208", port: 443, says: "edge of the tenant" },
  { address: "192.168.3.26", port: 22, says: "SSH of a control plane" },
  { address: "192.168.3.26", port: 2379, says: "etcd" },
  { address: "192.168.3.26", port: 6443, says: "API server itself" },
  { address: "192.168.3.112", port: 10250, says: "kubelet" },
  { address: "192.168.3.112", port: 30080, says: "NodePort of the ingress" },
  { address: "192.168.3.112", port: 30090, says: "internal NodePort" },
  { address: "192.168.3.6", port: 2049, says: "NFS" },
  { address: "192.168.3.48", port: 22, says: "SSH of a server" },
  { address: "192.168.3.48", port: 3000, says: "Grafana" },
  { address: "192.168.3.48", port: 9200, says: "Elasticsearch" },
] as const;
/** A site on the internet. */
const ELSEWHERE = "198.18.99.1";

interface Keys {
  readonly key: string;
  readonly public: string;
}
const keys: Record<"gateway" | "ada" | "grace", Keys> = {
  gateway: { key: "", public: "" },
  ada: { key: "", public: "" },
  grace: { key: "", public: "" },
};
let router: Node;
let gateway: Node;
let gluster: Node;
/** All other servers, without firewalls of their own: what does not answer is kept back by the gateway. */
let others: Node;
let home: Node;
let plan: EnvironmentPlan;

setUp(async (undo) => {
  for (const name of ["gateway", "ada", "grace"] as const) keys[name] = await newKeys();
  plan = planWith(["ada", "grace"]);
  router = undo.use(await Node.open("router"));
  gateway = undo.use(await Node.open("gateway"));
  gluster = undo.use(await Node.open("gluster"));
  others = undo.use(await Node.open("others"));
  home = undo.use(await Node.open("home"));
  await buildNetworks();
  for (const [key, node] of [
    ["gateway/0", gateway],
    ["gluster/0", gluster],
  ] as const) {
    await node.write(FIREWALL, fileOf(plan, key, FIREWALL));
    await node.host(["nft", "--file", FIREWALL]);
  }
  const forward = fileOf(plan, "gateway/0", "/etc/sysctl.d/60-labstead-forward.conf");
  await gateway.host(["sysctl", "-q", "-p", "-"], { input: forward });
  await gateway.write(TUNNEL, fileOf(plan, "gateway/0", TUNNEL));
  await gateway.host(["wg-quick", "up", "wg0"], { env: USER_SPACE });
  await putFiles("ada");
});

const USER_SPACE = { ...process.env, WG_QUICK_USERSPACE_IMPLEMENTATION: "wireguard-go" };

async function newKeys(): Promise<Keys> {
  const key = (await host(["wg", "genkey"])).trim();
  return { key, public: (await host(["wg", "pubkey"], { input: `${key}\n` })).trim() };
}

type Name = "ada" | "grace";

/** Prod and a server with applications, with these people, who have the tunnel and what is said of them beside. */
function planWith(names: readonly Name[], beside: Partial<Record<Name, Json>> = {}): EnvironmentPlan {
  const file = parse(readFileSync(join(ROOT, "Pulumi.prod.yaml"), "utf8")) as Json;
  const address = { ada: "172.30.153.70", grace: "172.30.153.71" };
  const people = names.map((name) => [
    name,
    { wireguard: { publicKey: keys[name].public, address: address[name] }, ...beside[name] },
  ]);
  const server = { slot: 0, flavor: "large", applications: ["elasticsearch", "grafana"] };
  const changes = {
    people: Object.fromEntries(people) as Json,
    "servers.applicationServers.metrics": server,
    "ports.internal.registry": 30090,
  };
  return planOf(configOf("prod", changed(environmentOf(file) as Json, changes)));
}

/** A server's file, as it is pushed. */
function fileOf(of: EnvironmentPlan, server: string, path: string): string {
  const content = machines(of)
    .get(server)
    ?.files.find((each) => each.path === path)?.content;
  if (content === undefined) throw new Error(`${server} has no ${path}`);
  const values = (reference: Reference) =>
    reference.name.startsWith("wireguard") ? keys.gateway.key : madeUp(reference);
  return String(bindValues(content, values));
}

/** The cloud's router, with the floating IP; the servers' network behind it, people and the internet before it. */
async function buildNetworks(): Promise<void> {
  await router.host(["ip", "link", "add", "lan", "type", "bridge"]);
  await router.host(["ip", "address", "add", "192.168.3.1/24", "dev", "lan"]);
  await router.host(["ip", "link", "set", "lan", "up"]);
  for (const [node, link, addresses] of [
    [gateway, "gw", ["192.168.3.12/24", `${VIP}/24`]],
    [gluster, "gl", ["192.168.3.34/24"]],
    [others, "ot", [...new Set(INSIDE.map(({ address }) => `${address}/24`))]],
  ] as const) {
    await router.wire(link, [], node, "ens3", addresses);
    await router.host(["ip", "link", "set", link, "master", "lan"]);
    await node.host(["ip", "route", "add", "default", "via", "192.168.3.1"]);
  }
  await router.wire("wan", ["198.18.7.1/24"], home, "eth0", [`${HOME}/24`]);
  await home.host(["ip", "route", "add", "default", "via", "198.18.7.1"]);
  for (const address of [FLOATING, ELSEWHERE])
    await router.host(["ip", "address", "add", `${address}/32`, "dev", "lo"]);
  await router.host(["sysctl", "-q", "-w", "net.ipv4.ip_forward=1"]);
  await router.host(["nft", "--file", "-"], {
    input: `table ip nat {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    ip daddr ${FLOATING} dnat to ${VIP}
  }
}
`,
  });
  await gateway.serve([
    { address: VIP, port: 8888, says: "the API" },
    { address: "192.168.3.12", port: 9100, says: "measurements of the gateway" },
  ]);
  await gluster.serve([
    { address: "192.168.3.34", port: 22, says: "SSH of a server" },
    { address: "192.168.3.34", port: 24007, says: "storage" },
  ]);
  await others.serve(INSIDE);
  await router.serve([{ address: ELSEWHERE, port: 80, says: "somewhere else" }]);
}

/** The person's files as `client-config` writes them. */
function filesOf(name: string, of = plan): readonly ClientFile[] {
  const client = clients(of).find((each): each is Client => each.name === name);
  if (client === undefined) throw new Error(`${name} is nobody`);
  return clientFiles(of, client, {
    addresses: { inner: new Map(), outer: new Map() },
    hostKeys: new Map(),
    gateway: { address: FLOATING, publicKey: keys.gateway.public },
  });
}

async function putFiles(name: string): Promise<void> {
  for (const { name: file, content, executable } of filesOf(name)) {
    await home.write(`${FOLDER}/${file}`, content);
    if (executable) await home.host(["chmod", "700", `${FOLDER}/${file}`]);
  }
}

async function putKey(key: string): Promise<void> {
  await putFiles("ada");
  await home.host(["sed", "-i", `s|PASTE-YOUR-PRIVATE-KEY-HERE|${key}|`, `${FOLDER}/wg0.conf`]);
}

const up = () => home.attempt([`${FOLDER}/wg-up`], { env: USER_SPACE });
const isUp = async () => (await home.attempt(["ip", "link", "show", "wg0"])).code === 0;

test("without the private key, or with another's, wg-up says so and does nothing", async () => {
  expect((await up()).stderr).toBe(
    `${FOLDER}/wg0.conf has no private key yet\nput in your own, whose public half the lab knows: ${keys.ada.public}\n`,
  );
  await putKey(keys.grace.key);
  expect((await up()).stderr).toBe(
    `the private key in ${FOLDER}/wg0.conf is not yours: its public half is ${keys.grace.public}\nthe lab knows: ${keys.ada.public}\n`,
  );
  await putKey("rubbish");
  expect((await up()).stderr).toBe(
    `PrivateKey in ${FOLDER}/wg0.conf is none; paste the line that wg genkey printed\n`,
  );
  expect(await isUp()).toBe(false);
});

test.each([
  ["the same network", "192.168.3.0/24"],
  ["a part of it", "192.168.3.128/25"],
  ["one around it", "192.168.0.0/16"],
])("where %s is reached by another way already, wg-up refuses", async (_, network) => {
  await putKey(keys.ada.key);
  await home.host(["ip", "route", "add", network, "via", "198.18.7.1"]);
  const { code, stderr } = await up();
  await home.host(["ip", "route", "delete", network]);
  expect(stderr.split("\n").map((line) => line.trim())).toEqual([
    "192.168.3.0/24 is reached by another way already:",
    `${network} via 198.18.7.1 dev eth0`,
    "leave that network, or ask the lab for another range; nothing was changed",
    "",
  ]);
  expect(code).toBe(1);
  expect(await isUp()).toBe(false);
});

test("before the tunnel nothing of the lab answers, and the check says what to do", async () => {
  expect(await home.get(VIP, 8888)).toBeUndefined();
  const { code, stdout } = await home.attempt([`${FOLDER}/check`]);
  expect(stdout).toMatch(/^no {5}WireGuard tunnel: .+; bring it up by \.\/wg-up; .+\n$/);
  expect(code).toBe(1);
});

test("with it the API answers, and SSH of the servers; beside another VPN's way to everywhere too", async () => {
  await putKey(keys.ada.key);
  await home.host(["ip", "route", "add", "0.0.0.0/1", "via", "198.18.7.1"]);
  const { code, stderr } = await up();
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  await until("the API through the tunnel", 20, () => home.get(VIP, 8888));
  expect(await home.get(VIP, 8888)).toBe("the API");
  expect(await home.get("192.168.3.34", 22)).toBe("SSH of a server");
  expect(await home.host([`${FOLDER}/check`])).toBe("works  WireGuard tunnel\n");
});

test("and nothing else: no other port of gateway or server, no way through the lab to elsewhere", async () => {
  expect(await gateway.get("192.168.3.12", 9100)).toBe("measurements of the gateway");
  expect(await home.get("192.168.3.12", 9100)).toBeUndefined();
  expect(await gluster.get("192.168.3.34", 24007)).toBe("storage");
  expect(await home.get("192.168.3.34", 24007)).toBeUndefined();
  expect(await gateway.get(ELSEWHERE, 80)).toBe("somewhere else");
  // Whoever changes the file to send more through the tunnel.
  const peers = ["wg", "set", "wg0", "peer", keys.gateway.public, "allowed-ips"];
  await home.host([...peers, "172.30.153.64/26,192.168.3.0/24,198.18.99.0/24"]);
  await home.host(["ip", "route", "add", "198.18.99.0/24", "dev", "wg0"]);
  expect(await home.get(ELSEWHERE, 80)).toBeUndefined();
  await home.host(["ip", "route", "delete", "198.18.99.0/24"]);
  expect(await home.get(ELSEWHERE, 80)).toBe("somewhere else");
});

/** What a peer at home reaches of all that servers answer. */
async function reached(): Promise<readonly string[]> {
  const answers = await Promise.all(INSIDE.map(({ address, port }) => home.get(address, port)));
  return answers.filter((each) => each !== undefined);
}

/** The gateway's rules as a push brings them. */
async function pushFirewall(of: EnvironmentPlan): Promise<void> {
  await gateway.write(FIREWALL, fileOf(of, "gateway/0", FIREWALL));
  await gateway.host(["nft", "--file", FIREWALL]);
}

const EDGES = ["edge", "edge, TLS", "edge of the tenant"];
const SERVERS = ["SSH of a control plane", "SSH of a server"];

test("of all that servers answer a peer reaches published ports and SSH, and who may only jump no SSH", async () => {
  for (const { address, port, says } of INSIDE) expect(await gateway.get(address, port)).toBe(says);
  expect((await reached()).toSorted()).toEqual([...EDGES, ...SERVERS].toSorted());
  const jump = { ssh: { key: sshKey("ada").publicKey, as: "jump" } };
  await pushFirewall(planWith(["ada", "grace"], { ada: jump }));
  expect((await reached()).toSorted()).toEqual(EDGES.toSorted());
  expect(await home.get(VIP, 8888)).toBe("the API");
  await pushFirewall(planWith(["ada", "grace"], { ada: { ...jump, applications: ["grafana"] } }));
  expect((await reached()).toSorted()).toEqual([...EDGES, "Grafana"].toSorted());
  await pushFirewall(plan);
});

test("an operator's way in outlives a firewall that was not pushed yet: SSH and ping, and nothing else", async () => {
  const boot = fileOf(plan, "gateway/0", "/etc/labstead/firewall-boot.nft");
  await gateway.host(["nft", "--file", "-"], { input: boot });
  expect((await reached()).toSorted()).toEqual(SERVERS.toSorted());
  expect((await home.attempt(["ping", "-c", "1", "-W", "2", "192.168.3.34"])).code).toBe(0);
  await pushFirewall(plan);
});

test("who left is shut out when the gateway's file is reloaded, and who stayed is not touched", async () => {
  expect(await home.get(VIP, 8888)).toBe("the API");
  await gateway.write(TUNNEL, fileOf(planWith(["grace"]), "gateway/0", TUNNEL));
  await reload();
  expect(await home.get(VIP, 8888)).toBeUndefined();
  expect((await gateway.host(["wg", "show", "wg0", "peers"])).trim()).toBe(keys.grace.public);
  await gateway.write(TUNNEL, fileOf(plan, "gateway/0", TUNNEL));
  await reload();
  expect(await until("the API again", 30, () => home.get(VIP, 8888))).toBe("the API");
});

/** What `systemctl reload wg-quick@wg0` runs, as the distribution's unit has it. */
async function reload(): Promise<void> {
  const unit = readFileSync("/lib/systemd/system/wg-quick@.service", "utf8");
  const command = /^ExecReload=\/bin\/bash -c '(.*)'$/m.exec(unit)?.[1];
  if (command === undefined) throw new Error("the unit has no reload");
  await gateway.host(["bash", "-c", command.replaceAll("%i", "wg0")]);
}
