/** The bastion of prod, booted from the plan's user data: what a person who only passes through it reaches, by its sshd. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configOf, changed, planOf, stackBase, type Json } from "../../environment/configs";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { runs } from "../host/programs";
import { setUp } from "../host/undo";
import { until } from "./host";
import { MachineLab } from "./lab";
import type { Machine } from "./machine";
import { Outside } from "./outside";
import { PlannedMachines, sshKey } from "./planned-machines";

runs("curl", "ssh", "timeout");

const OFFICE = "198.51.100.10";
const BASTION = "192.168.3.10";

/** What servers answer inside, by what it is. */
const INSIDE = [
  { address: "192.168.3.4", port: 8888, says: "the API" },
  { address: "192.168.3.5", port: 80, says: "edge" },
  { address: "192.168.3.208", port: 80, says: "edge of the tenant" },
  { address: "192.168.3.80", port: 22, says: "SSH of ada's desktop" },
  { address: "192.168.3.81", port: 22, says: "SSH of another desktop" },
  { address: "192.168.3.26", port: 22, says: "SSH of a control plane" },
  { address: "192.168.3.26", port: 2379, says: "etcd" },
  { address: "192.168.3.26", port: 6443, says: "API server itself" },
  { address: "192.168.3.112", port: 30090, says: "internal NodePort" },
  { address: "192.168.3.6", port: 2049, says: "NFS" },
  { address: "192.168.3.48", port: 3000, says: "Grafana" },
  { address: "192.168.3.48", port: 9200, says: "Elasticsearch" },
] as const;

let lab: MachineLab;
let planned: PlannedMachines;
let bastion: Machine;
let folder: string;

setUp(async (undo) => {
  lab = undo.use(await MachineLab.open("192.168.3.1/24"));
  folder = undo.folder("bastion-keys");
  for (const name of ["ada", "grace"])
    writeFileSync(join(folder, name), sshKey(name).privateKey, { mode: 0o600 });
  await lab.network.addOutside(OFFICE);
  for (const address of new Set(INSIDE.map((each) => each.address)))
    await lab.network.addNeighbour(`${address}/24`);
  const outside = undo.use(new Outside(lab.network));
  outside.serve(INSIDE);
  planned = new PlannedMachines(lab, planWith());
  bastion = await planned.up("bastion/0");
  await until("what servers answer", 30, () =>
    outside.get(BASTION, "http://192.168.3.48:9200/").then(() => true),
  );
});

/** Ada passes through, grace is an operator. */
function planWith(ada: Json = {}): EnvironmentPlan {
  const changes = {
    software: { kind: "baked" },
    people: {
      ada: { ssh: { key: sshKey("ada").publicKey }, ...ada },
      grace: { ssh: { key: sshKey("grace").publicKey, as: "operator" } },
    },
    "servers.desktops": { flavor: "large", users: { ada: { slot: 0 }, alan: { slot: 1 } } },
    "servers.applicationServers.metrics": {
      slot: 0,
      flavor: "large",
      applications: ["elasticsearch", "grafana"],
    },
    "ports.internal.registry": 30090,
  };
  return planOf(configOf("prod", changed(stackBase("prod"), changes)));
}

/** ssh of a person in the office, without a look at the host's key; it ends after ten seconds at the latest. */
function ssh(
  person: string,
  account: string,
  options: readonly string[],
  { command, input = "" }: { readonly command?: string; readonly input?: string } = {},
) {
  const known = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes"];
  const own = [
    "-F",
    "/dev/null",
    "-i",
    join(folder, person),
    "-b",
    OFFICE,
    ...known.map((each) => `-o${each}`),
  ];
  const asked = [`${account}@${BASTION}`, ...(command === undefined ? [] : [command])];
  return lab.network.outside(["timeout", "10", "ssh", "-T", ...own, ...options, ...asked], { input });
}

/** What a person reaches through the bastion of all that servers answer. */
async function reached(person: string, account: string): Promise<readonly string[]> {
  const answers = [];
  for (const { address, port, says } of INSIDE) {
    const { stdout } = await ssh(person, account, ["-W", `${address}:${String(port)}`], {
      input: "GET / HTTP/1.0\r\n\r\n",
    });
    if (stdout.includes(says)) answers.push(says);
  }
  return answers;
}

const EVERYBODYS = ["the API", "edge", "edge of the tenant", "SSH of ada's desktop"];

test("who passes through reaches what the plan lists, and nothing else", async () => {
  expect(await reached("ada", "jump")).toEqual(EVERYBODYS);
});

test("an application that is given is reached with the next push, without a restart", async () => {
  await new PlannedMachines(lab, planWith({ applications: ["grafana"] })).push("bastion/0", bastion);
  expect(await reached("ada", "jump")).toEqual([...EVERYBODYS, "Grafana"]);
});

test("who passes through has no shell, no command and no file transfer there", async () => {
  for (const command of ["id", "curl http://192.168.3.48:9200/", "sh -i"]) {
    const { code, stdout } = await ssh("ada", "jump", [], { command, input: "id\n" });
    expect({ command, code, stdout }).toEqual({
      command,
      code: 1,
      stdout: "This account is currently not available.\n",
    });
  }
  expect((await ssh("ada", "jump", [], { input: "id\n" })).stdout).not.toContain("uid=");
  expect((await ssh("ada", "jump", ["-s"], { command: "sftp" })).code).toBe(1);
});

test("who passes through opens no port of the bastion, no device, and no socket of its services", async () => {
  for (const option of ["-R9999:localhost:22", "-w0:0"]) {
    const { code } = await ssh("ada", "jump", [option, "-N", "-oExitOnForwardFailure=yes"]);
    expect({ option, code }).toEqual({ option, code: 255 });
  }
  const socket = join(folder, "socket");
  const held = ssh("ada", "jump", ["-N", `-L${socket}:/run/dbus/system_bus_socket`]);
  await until("the end of the way to the socket", 10, () => existsSync(socket) || undefined);
  await lab.network.outside(["curl", "--silent", "--max-time", "2", "--unix-socket", socket, "http://bus/"]);
  expect((await held).stderr).toContain("open failed");
  await until("sshd's word on it", 20, async () => {
    const logged = await bastion.logged("sshd");
    return logged.includes("refused streamlocal port forward") || undefined;
  });
});

test("an operator's way in is as it was: a shell with root's rights, and every server", async () => {
  expect((await ssh("grace", "labstead", [], { command: "sudo -n id -u" })).stdout.trim()).toBe("0");
  expect(await reached("grace", "labstead")).toEqual(INSIDE.map(({ says }) => says));
});
