/** Every file of every role passes its own program's check, in prod and all examples; a broken one does not. */
import { basename, join } from "node:path";
import { machines, userDataOf } from "../../../platform/machines";
import type { FileConfig, MachineConfig } from "../../../platform/machines/config";
import { unitFiles } from "../../../platform/machines/units";
import { bindValues } from "../../../values";
import { environmentOf, stackFiles } from "../../environment/configs";
import { bakedPlan, madeUp } from "./planned-machines";
import { Room } from "./room";

/**
 * Environments with a cluster of their own. A tenant's plan needs its owner's, and its one role is the same as the
 * owner's load balancer; on an existing cluster there are no servers.
 */
const FILES = [...stackFiles()].flatMap(([name, content]) => {
  const { cluster } = environmentOf(content) as { readonly cluster: { readonly kind: string } };
  return cluster.kind !== "own" || name === "prod" ? [] : [join("examples", `${name}.yaml`)];
});

/** One server of each pool: the others differ by name and address only. */
const SERVERS = ["Pulumi.prod.yaml", ...FILES].flatMap((file) => {
  const plan = bakedPlan(
    file,
    file.startsWith("examples") ? basename(file, ".yaml") : "prod",
    "repositories",
  );
  const configs = machines(plan);
  const userData = userDataOf(plan, configs);
  // Shared storage servers have programs that this root file system lacks: test/lab/gluster.
  const servers = plan.servers.filter(({ role }) => role !== "gluster");
  const keys = new Map(servers.toReversed().map(({ pool, key }) => [pool, key])).values();
  return [...keys].flatMap((key) => {
    const config = configs.get(key);
    if (config === undefined) throw new Error(`${key} has no machine config`);
    return [[`${plan.environment} ${key}`, config, bound(userData.get(key) ?? "")] as const];
  });
});

function bound(text: string): string {
  return String(bindValues(text, madeUp));
}

const KUBERNETES = ["kubelet", "kubeadm", "kubectl"];

let room: Room;
beforeEach(async () => {
  room = await Room.open();
  room.write("/run/labstead/keepalived-interface.conf", "$LAN=lan0\n");
  room.write("/run/sshd/.keep", "");
  room.write("/dev/log", "");
  // Kubernetes' programs come with its packages, which no test machine can have; its own tests build and ask them.
  for (const each of KUBERNETES) room.write(`/usr/bin/${each}`, "#!/bin/sh\n", 0o755);
  await room.run(["ssh-keygen", "-A"]);
});
afterEach(async () => {
  await room.close();
});

function filesOf(config: MachineConfig): readonly FileConfig[] {
  return [...config.files, ...unitFiles(config.units)];
}

function place(config: MachineConfig): void {
  for (const { path, content, mode } of filesOf(config))
    room.write(path, bound(content), Number.parseInt(mode, 8));
}

/** What checks each file, beside the file's own validator. */
function checksOf(config: MachineConfig): readonly (readonly string[])[] {
  const files = filesOf(config);
  const units = files
    .map(({ path }) => path)
    .filter((path) => /system\/[^/]+\.(service|path|timer)$/.test(path));
  const dropIns = files.flatMap(({ path }) => /system\/([^/]+)\.d\/[^/]+\.conf$/.exec(path)?.[1] ?? []);
  const validators = files.flatMap(({ path, delivery }) =>
    delivery.kind === "sealed" && delivery.validate !== undefined && !asksKubernetes(delivery.validate)
      ? [delivery.validate.map((word) => word.replace("{}", path))]
      : [],
  );
  return [
    ...validators,
    ["nft", "--check", "--file", "/etc/labstead/firewall-boot.nft"],
    ["sshd", "-t"],
    [
      "systemd-analyze",
      "--man=no",
      "verify",
      ...new Set([...units.map((path) => basename(path)).map(instance), ...dropIns]),
    ],
    ...files.filter(({ content }) => content.startsWith("#!/bin/sh")).map(({ path }) => ["sh", "-n", path]),
  ];
}

/** kubeadm's own files are looked at where kubeadm is: in the tests of the cluster. */
const asksKubernetes = ([program = ""]: readonly string[]): boolean =>
  program.startsWith("/usr/local/lib/labstead/kubernetes/");

const instance = (unit: string): string => unit.replace("@.", "@data.");

test.each(SERVERS)("%s", async (_, config, userData) => {
  place(config);
  room.write("/tmp/user-data", userData);
  const checks = [...checksOf(config), ["cloud-init", "schema", "--config-file", "/tmp/user-data"]];
  for (const check of checks) {
    const { code, stdout, stderr } = await room.run(check);
    expect({ check, code, said: code === 0 ? "" : `${stdout}${stderr}` }).toEqual({
      check,
      code: 0,
      said: "",
    });
  }
});

/** Each breaks one thing; the checks that pass above have to see it. */
const BROKEN: readonly (readonly [program: string, role: string, path: string, from: string, to: string])[] =
  [
    ["haproxy", "prod gateway/0", "/etc/haproxy/labstead.cfg", "balance roundrobin", "balance roundtable"],
    [
      "keepalived",
      "prod gateway/0",
      "/etc/keepalived/keepalived.conf",
      "virtual_router_id 47",
      "virtual_router_id 470",
    ],
    ["nft", "prod gateway/0", "/etc/labstead/firewall.nft", "policy drop", "policy dorp"],
    [
      "sshd",
      "prod gateway/0",
      "/etc/ssh/sshd_config.d/10-labstead.conf",
      "PermitRootLogin no",
      "PermitRootLogin never",
    ],
    [
      "systemd-analyze",
      "prod gateway/0",
      "/etc/systemd/system/labstead-firewall.service",
      "ExecStart=/usr/sbin/nft",
      "ExecStart=/usr/sbin/ntf",
    ],
    [
      "/usr/local/lib/labstead/check-exports",
      "ska nfs/0",
      "/etc/exports.d/labstead.exports",
      "root_squash",
      "root_sqaush",
    ],
    ["sh", "prod gateway/0", "/usr/local/lib/labstead/interface", "done", "don"],
  ];

test.each(BROKEN)("%s sees a broken file of %s: %s", async (program, role, path, from, to) => {
  const config = SERVERS.find(([name]) => name === role)?.[1];
  const file = config === undefined ? undefined : filesOf(config).find((each) => each.path === path);
  if (config === undefined || file === undefined) throw new Error(`${role} has no ${path}`);
  place(config);
  expect(file.content).toContain(from);
  room.write(path, bound(file.content.replaceAll(from, to)));
  const checks = checksOf(config).filter((words) => words.includes(program));
  const codes = [];
  for (const check of checks) codes.push((await room.run(check)).code);
  expect(codes.some((code) => code !== 0)).toBe(true);
});

test("cloud-init sees broken user data", async () => {
  const [, , userData = ""] = SERVERS[0] ?? [];
  room.write("/tmp/user-data", userData.replace("disable_root: true", "disable_root: perhaps"));
  const { code } = await room.run(["cloud-init", "schema", "--config-file", "/tmp/user-data"]);
  expect(code).not.toBe(0);
});
