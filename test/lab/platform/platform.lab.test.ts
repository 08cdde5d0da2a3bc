/**
 * One environment from its configuration to Ready nodes and back by `up` and `destroy`: the real engine, our plugin over
 * real SSH, machines that boot from the user data that the cloud received, every chart on the machines' own API server.
 * OpenStack's resources are the built-in cloud's, and images of others cannot be had: their pods do not start.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { identityOf } from "../../../deploy/manifest";
import { APPLY_SET } from "../../../provider/apply-set/token";
import type { Changes, Json } from "../../environment/configs";
import { NAME, twoReplicas } from "../cluster/workload";
import { runs } from "../host/programs";
import { setUp } from "../host/undo";
import { until } from "../machines/host";
import { sshKey } from "../machines/planned-machines";
import type { Answer, Step } from "./engine-process";
import { liveObjects } from "./objects";
import { environment, tenantEnvironment, tenantsOfProd } from "./environment";
import { networkTests } from "./network-tests";
import { Administrator, type NodeObservation } from "./nodes";
import { OPERATOR, PlatformLab } from "./platform-lab";
import { readable, secretsOf } from "./secrets";

runs("curl", "ssh", "timeout");

const HAPROXY = "/etc/haproxy/labstead.cfg";
const FILES = "labstead:index:MachineFiles";
const GATEWAYS = ["gateway/0", "gateway/1"] as const;
const WORKERS = ["workers.general/0", "workers.general/1"] as const;
const SERVERS = ["bastion/0", ...GATEWAYS, "controlPlane/0", ...WORKERS] as const;
const NODES = 3;
const PORT = 2222;
const NODE_PORT = 30022;
const STRANGER = "203.0.113.99";

const grace: Json = { ssh: { key: sshKey("grace").publicKey, as: "operator" } };
const published = { git: { external: PORT, nodePort: NODE_PORT, from: ["198.51.100.0/24"] } };
const WITH_PORT = { "ports.published": published };

let lab: PlatformLab;
let administrator: Administrator;
let apiAddress: string;
let firstUp: Answer;
const note = (text: string): void => void process.stderr.write(`  ${text}\n`);
const seconds = (since: number): string => `${String(Math.round((Date.now() - since) / 100) / 10)} s`;
const changedFiles = ({ steps }: Answer): readonly Step[] => steps.filter(({ type }) => type === FILES);

setUp(async (undo) => {
  lab = undo.use(await PlatformLab.open(environment()));
  await lab.machines.network.addOutside(STRANGER);
});

/** What a client outside gets on the published port. */
async function answer(): Promise<string | undefined> {
  const url = `http://${apiAddress}:${String(PORT)}/`;
  const { code, stdout } = await lab.outside(["curl", "--silent", "--fail", "--max-time", "2", url]);
  return code === 0 ? stdout.trim() : undefined;
}

test("up boots every server, pushes its files through the bastion, and the cluster forms", async () => {
  const from = Date.now();
  const done = await lab.run("up");
  firstUp = done;
  note(`up, until the API server answers: ${seconds(from)}`);
  expect(
    changedFiles(done)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(SERVERS.map((key) => `files/${key}`).sort());
  const outputs = await lab.outputs();
  apiAddress = (outputs["floatingIps"] as Readonly<Record<string, string>>)["vip/api"] ?? "";
  administrator = new Administrator(lab, String(outputs["kubeconfig"]));
  const nodes = await administrator.ready(NODES, 180);
  note(`up to all nodes Ready: ${seconds(from)}`);
  const { servers } = lab.plan;
  const planned = servers.filter(({ role }) => role === "controlPlane" || role === "workers");
  expect(nodes.map(({ name, address }) => ({ name, address: { kind: "planned", ip: address } }))).toEqual(
    planned.map(({ name, address }) => ({ name, address })),
  );
  await lab.hypervisor.booted();
});

/** What does not change as long as nothing is declared anew. */
async function declared(): Promise<readonly string[]> {
  const live = await liveObjects(administrator, lab.manifests());
  return [...live]
    .map(([identity, { uid, generation }]) => `${identity} ${uid} ${String(generation)}`)
    .sort();
}

test("every object of the charts is on the machines' own API server, behind its gate", async () => {
  const wanted = lab.manifests();
  const live = await liveObjects(administrator, wanted);
  note(`${String(live.size)} objects of charts in the cluster`);
  expect(wanted.map(identityOf).filter((identity) => !live.has(identity))).toEqual([]);
  const apart = [...live.values()].filter(({ set }) => set === undefined);
  expect(new Set(apart.map(({ manifest }) => manifest.kind))).toEqual(new Set(["Namespace"]));
  const at = (step: RegExp): readonly number[] =>
    firstUp.ended.flatMap((each, index) => (step.test(each) ? [index] : []));
  const gate = at(/^create labstead:index:ClusterReady /);
  expect(gate).toHaveLength(1);
  const objects = at(/^create (kubernetes:core|labstead:index:ApplySet)/);
  expect(objects.length).toBeGreaterThan(3);
  expect(Math.min(...objects)).toBeGreaterThan(gate[0] ?? Infinity);
});

networkTests(() => ({ lab, administrator }));

test("another preview and another up find nothing to do", async () => {
  const before = await declared();
  expect((await lab.run("preview")).steps).toEqual([]);
  expect((await lab.run("up")).steps).toEqual([]);
  expect(await declared()).toEqual(before);
});

test("a chart's change reaches the cluster: the preview names its object and no other", async () => {
  const before = await declared();
  lab.configure(environment({ "ingress.bodySize": "8Mi" }));
  const foretold = (await lab.run("preview")).steps;
  expect(foretold.map(({ type, differing }) => ({ type, differing }))).toEqual([
    { type: APPLY_SET, differing: ['objects["kube-system/ingress-nginx-controller/ConfigMap"]'] },
  ]);
  expect((await lab.run("up")).steps).toEqual(foretold);
  const settings = ["get", "configmap", "ingress-nginx-controller", "--namespace", "kube-system"];
  const size = ["--output", "jsonpath={.data.proxy-body-size}"];
  expect(await administrator.must([...settings, ...size])).toBe("8m");
  expect(await declared()).toEqual(before);
  lab.configure(environment());
  await lab.run("up");
  expect(await administrator.must([...settings, ...size])).toBe("1m");
});

test("no authority, VPN or encryption key was given to a machine at boot; its own key was", async () => {
  const secrets = secretsOf((await lab.run("state")).content);
  expect(secrets.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "cluster-ca",
      "etcd-ca",
      "front-proxy-ca",
      "service-accounts",
      "encryption-key",
      "push",
    ]),
  );
  expect(lab.hypervisor.userData).toHaveLength(SERVERS.length);
  for (const { name, bytes } of lab.hypervisor.userData) {
    const reported = readable(bytes);
    const server = lab.plan.servers.find((each) => each.name === name)?.key ?? "";
    const found = new Set(secrets.filter(({ text }) => reported.includes(text)).map((each) => each.name));
    const node = server.startsWith("workers") || server.startsWith("controlPlane");
    expect([...found].sort()).toEqual([`host/${server}`, ...(node ? [`node/${server}`] : [])]);
  }
});

test("a published port is pushed by up: one entry a file in the preview, and HAProxy answers on it", async () => {
  await administrator.must(["apply", "--filename", "-"], twoReplicas());
  const ports = [{ port: 80, targetPort: 8080, nodePort: NODE_PORT }];
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: NAME, namespace: "default" } };
  const spec = { type: "NodePort", selector: { app: NAME }, ports };
  await administrator.must(["apply", "--filename", "-"], JSON.stringify({ ...service, spec }));
  lab.configure(environment(WITH_PORT));
  const foretold = changedFiles(await lab.run("preview"));
  const balancers = foretold.filter(({ name }) => GATEWAYS.some((key) => name === `files/${key}`));
  expect(balancers.map(({ differing }) => differing)).toEqual(
    GATEWAYS.map((): unknown => [`files["${HAPROXY}"]`, expect.stringMatching(/^files\["[^"]*nft[^"]*"\]$/)]),
  );
  const from = Date.now();
  const done = await lab.run("up");
  note(`up that pushes a port to ${String(changedFiles(done).length)} machines: ${seconds(from)}`);
  expect(changedFiles(done).map(({ name, differing }) => ({ name, differing }))).toEqual(
    expect.arrayContaining(foretold.map(({ name, differing }) => ({ name, differing }))),
  );
  expect(await until("an answer on the port", 90, answer)).toMatch(new RegExp(`^${NAME}-`));
});

test("a broken file is refused on the machine: the old one keeps serving, and the next machine is not asked", async () => {
  const before = GATEWAYS.map((key) => lab.machine(key).read(HAPROXY));
  const mistake = { server: "files/gateway/0", path: HAPROXY, text: "\nlisten nonsense\n    bind nowhere\n" };
  const answered = await lab.attempt({ verb: "up", mistake });
  expect(answered.failed).toBeDefined();
  expect(answered.said.join("\n")).toMatch(
    /gateway\/0 does not take its new files, so none was replaced[^]*haproxy -c/,
  );
  expect(GATEWAYS.map((key) => lab.machine(key).read(HAPROXY))).toEqual(before);
  expect(await answer()).toMatch(new RegExp(`^${NAME}-`));
  expect((await lab.run("preview")).steps).toEqual([]);
});

test("a file that was changed by hand shows after a refresh, and up repairs it", async () => {
  const machine = lab.machine("gateway/1");
  const right = machine.read(HAPROXY);
  await machine.must(["sh", "-c", `echo "# by hand" >> ${HAPROXY}`]);
  expect((await lab.run("preview")).steps).toEqual([]);
  const seen = changedFiles(await lab.run("refresh"));
  expect(seen.map(({ name }) => name)).toContain("files/gateway/1");
  const repaired = changedFiles(await lab.run("up"));
  expect(repaired.map(({ name, differing }) => ({ name, differing }))).toEqual([
    { name: "files/gateway/1", differing: [`files["${HAPROXY}"]`] },
  ]);
  expect(machine.read(HAPROXY)).toBe(right);
});

/**
 * ssh of a person on a laptop outside, by the file that `labstead client-config` makes. Her own key, which ssh finds in a
 * home elsewhere, is named at its end.
 */
async function ssh(person: string, server: string, via: "bastion" | "direct"): Promise<string | undefined> {
  const [key, config] = [join(lab.folder, `key-${person}`), join(lab.folder, "ssh_config")];
  writeFileSync(key, sshKey(person).privateKey, { mode: 0o600 });
  const own = `Host *\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  BatchMode yes\n  ConnectTimeout 5\n`;
  writeFileSync(config, `${await lab.clientFile(person, "ssh_config")}${own}`);
  const way = via === "bastion" ? [] : ["-o", "ProxyJump=none"];
  const { code, stdout } = await lab.outside(["ssh", "-F", config, ...way, server, "hostname"]);
  return code === 0 ? stdout.trim() : undefined;
}

test("a person comes in through the bastion after one up, never directly, and is out after another", async () => {
  const { name } = lab.server("workers.general/0");
  lab.configure(environment({ ...WITH_PORT, "people.grace": grace }));
  expect(await ssh("grace", name, "bastion")).toBeUndefined();
  const from = Date.now();
  const joined = changedFiles(await lab.run("up"));
  note(`a person joins, on ${String(joined.length)} machines: ${seconds(from)}`);
  expect(joined.map((each) => each.differing)).toEqual(
    SERVERS.map(() => ['files["/etc/ssh/authorized_keys/labstead"]']),
  );
  expect(await ssh("grace", name, "bastion")).toBe(name);
  expect(await ssh("grace", name, "direct")).toBeUndefined();
  lab.configure(environment(WITH_PORT));
  await lab.run("up");
  lab.configure(environment({ ...WITH_PORT, "people.grace": grace }));
  expect(await ssh("grace", name, "bastion")).toBeUndefined();
  lab.configure(environment(WITH_PORT));
});

test("a pool's generation rolls it one by one: drained, recreated, Ready before the next", async () => {
  const before = await administrator.nodes();
  const names = WORKERS.map((key) => lab.server(key).name);
  const seen: (readonly NodeObservation[])[] = [];
  lab.configure(environment({ ...WITH_PORT, "servers.workers.general.generation": 2 }));
  const from = Date.now();
  const done = await administrator.during(lab.run("up"), (nodes) => seen.push(nodes));
  note(`roll of ${String(WORKERS.length)} workers: ${seconds(from)}`);
  const onServers = done.ended
    .filter((step) => /^(create|delete).* (server|ready)\/workers/.test(step))
    .map(shortStep);
  expect(onServers).toEqual(
    WORKERS.flatMap((key) => [
      `delete ready/${key}`,
      `delete server/${key}`,
      `create server/${key}`,
      `create ready/${key}`,
    ]),
  );
  const workersReady = seen.map(
    (nodes) => nodes.filter(({ name, ready }) => names.includes(name) && ready).length,
  );
  expect(Math.min(...workersReady)).toBe(WORKERS.length - 1);
  const after = await administrator.ready(NODES, 30);
  const uid = (nodes: readonly NodeObservation[], name: string) =>
    nodes.find((each) => each.name === name)?.uid;
  for (const name of names) expect(uid(after, name)).not.toBe(uid(before, name));
  expect(await until("an answer of pods on new workers", 90, answer)).toMatch(new RegExp(`^${NAME}-`));
  await lab.hypervisor.booted();
  expect((await lab.run("preview")).steps).toEqual([]);
});

test("gateways are rolled one by one: the next goes when the one before has its files, and the API stays", async () => {
  const generations = { "servers.workers.general.generation": 2, "servers.gateway.generation": 2 };
  lab.configure(environment({ ...WITH_PORT, ...generations }));
  let [running, last, gap] = [true, Date.now(), 0];
  // To the first answer after the roll, so that an absence at its end counts.
  const watching = (async () => {
    for (;;) {
      const { code } = await administrator.kubectl(["get", "--raw", "/readyz"]);
      gap = Math.max(gap, Date.now() - last);
      if (code === 0) last = Date.now();
      if (!running && (code === 0 || gap > 120_000)) return;
      await pause(500);
    }
  })();
  const from = Date.now();
  const done = await lab.run("up").finally(() => (running = false));
  await watching;
  note(
    `roll of ${String(GATEWAYS.length)} gateways: ${seconds(from)}, API away for ${String(gap / 1000)} s at most`,
  );
  const steps = done.ended.filter((step) => !step.startsWith("replace")).map(shortStep);
  const at = (step: string): number => steps.indexOf(step);
  expect(at("create files/gateway/0")).toBeGreaterThan(at("create server/gateway/0"));
  expect(at("delete server/gateway/1")).toBeGreaterThan(at("create files/gateway/0"));
  expect(gap).toBeLessThan(15_000);
  expect(await until("an answer on the port", 30, answer)).toMatch(new RegExp(`^${NAME}-`));
  await lab.hypervisor.booted();
});

/** What the tests before have come to, with the tenant. */
const LATER: Changes = {
  ...WITH_PORT,
  "servers.workers.general.generation": 2,
  "servers.gateway.generation": 2,
  tenants: tenantsOfProd(),
};

test("a tenant's load balancer gets its files through the owner's bastion, where its key opens nothing else", async () => {
  lab.configure(environment(LATER));
  lab.write("test", tenantEnvironment());
  await lab.run("up");
  const from = Date.now();
  const done = await lab.run("up", "test");
  note(`up of a tenant: ${seconds(from)}`);
  expect(changedFiles(done).map(({ name }) => name)).toEqual(["files/loadBalancer/0"]);
  // The tenant's way into the owner's ingress, made with the tenant's own rights.
  expect([...(await liveObjects(administrator, lab.manifests("test"))).keys()]).toEqual([
    "Service kube-system/ingress-nginx-test",
  ]);
  await lab.hypervisor.booted();
  const servers = (await lab.outputs("test"))["servers"] as Readonly<
    Record<string, { name: string; address: string }>
  >;
  const balancer = servers["loadBalancer/0"];
  const machine = lab.hypervisor.machine(balancer?.name ?? "");
  expect((await machine.must(["systemctl", "is-active", "haproxy"])).trim()).toBe("active");
  expect(machine.read(HAPROXY)).toContain("frontend");
  // What is read each time is the owner's stack.
  const { steps } = await lab.run("preview", "test");
  expect(steps.filter(({ operation }) => operation !== "read")).toEqual([]);
  const { test: way } = (await lab.outputs())["tenantWays"] as Readonly<Record<"test", BastionWay>>;
  const worker = lab.server("workers.general/0").address;
  expect(await banner(way, balancer?.address ?? "")).toMatch(/^SSH-2\.0-/);
  expect(await banner(way, worker.kind === "planned" ? worker.ip : "")).toMatch(
    /administratively prohibited/,
  );
});

interface BastionWay {
  readonly host: string;
  readonly user: string;
  readonly privateKey: string;
}

/** What a client hears of SSH on a server behind the bastion. */
async function banner({ host, user, privateKey }: BastionWay, target: string): Promise<string> {
  const [key, known] = [join(lab.folder, "key-tenant"), join(lab.folder, "known_hosts")];
  writeFileSync(key, privateKey, { mode: 0o600 });
  writeFileSync(known, await lab.knownHosts(host));
  const options = ["-F", "/dev/null", "-i", key, "-o", `UserKnownHostsFile=${known}`, "-o", "BatchMode=yes"];
  const argv = ["timeout", "5", "ssh", ...options, "-W", `${target}:22`, `${user}@${host}`];
  const { stdout, stderr } = await lab.outside(argv);
  return `${stdout}${stderr}`;
}

/** `delete-replaced openstack:…:Instance server/…` as `delete server/…`. */
function shortStep(step: string): string {
  const [operation = "", , name = ""] = step.split(" ");
  return `${operation.replace(/-.*/, "")} ${name}`;
}

test("the control plane recreated by up resumes with its volume: the same cluster, the same nodes", async () => {
  const before = await administrator.nodes();
  lab.configure(environment({ ...LATER, "servers.controlPlane.generation": 2 }));
  const from = Date.now();
  const done = await administrator.during(lab.run("up"), () => undefined);
  note(`roll of the only control plane: ${seconds(from)}`);
  expect(
    done.ended.filter((step) => /^create.* (server|files|ready)\/controlPlane/.test(step)).map(shortStep),
  ).toEqual(["create server/controlPlane/0", "create files/controlPlane/0", "create ready/controlPlane/0"]);
  const after = await administrator.ready(NODES, 60);
  const workers = (nodes: readonly NodeObservation[]) =>
    nodes.filter(({ name }) => WORKERS.some((key) => lab.server(key).name === name));
  expect(workers(after).map(({ uid }) => uid)).toEqual(workers(before).map(({ uid }) => uid));
  expect(await until("an answer on the port", 60, answer)).toMatch(new RegExp(`^${NAME}-`));
  expect((await lab.run("preview")).steps).toEqual([]);
});

test("who is not on the allow-list reaches neither API nor port", async () => {
  for (const port of [8888, PORT]) {
    const dial = (from: string) =>
      lab.outside([
        ...[
          "curl",
          "--silent",
          "--insecure",
          "--interface",
          from,
          "--max-time",
          "3",
          "--output",
          "/dev/null",
        ],
        `${port === PORT ? "http" : "https"}://${apiAddress}:${String(port)}/`,
      ]);
    expect((await dial(OPERATOR)).code).toBe(0);
    expect((await dial(STRANGER)).code).not.toBe(0);
  }
});

test("destroy, the tenant first, leaves no object, no machine and no state", async () => {
  await lab.run("destroy", "test");
  expect([...(await liveObjects(administrator, lab.manifests("test"))).keys()]).toEqual([]);
  expect(await resourcesOf("test")).toEqual([]);
  const wanted = lab.manifests();
  let [running, left] = [true, wanted.map(identityOf)];
  // As long as the API server answers. The run itself waits until the last ones, Namespaces, are gone, and then deletes
  // the machines at once: a look may come too late for that, and see them terminating.
  const watching = (async () => {
    while (running) {
      const live = await liveObjects(administrator, wanted).catch(() => undefined);
      if (live !== undefined)
        left = [...live].filter(([, { isTerminating }]) => !isTerminating).map(([identity]) => identity);
      await pause(500);
    }
  })();
  const from = Date.now();
  await lab.run("destroy").finally(() => (running = false));
  await watching;
  note(`destroy of the owner: ${seconds(from)}`);
  expect(left).toEqual([]);
  expect([...lab.hypervisor.running().keys()]).toEqual([]);
  expect(await resourcesOf("prod")).toEqual([]);
});

/** URNs in a stack's state. */
async function resourcesOf(stack: string): Promise<readonly string[]> {
  const { deployment } = (await lab.run("state", stack)).content as {
    readonly deployment: { readonly resources?: readonly { readonly urn: string }[] };
  };
  return (deployment.resources ?? []).map(({ urn }) => urn);
}
