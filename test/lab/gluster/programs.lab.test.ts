/**
 * Every file of a storage server passes its own program's check in both modes, those that could not be run here too; a
 * broken one does not.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bindValues } from "../../../values";
import { machines } from "../../../platform/machines";
import type { FileConfig } from "../../../platform/machines/config";
import { unitFiles } from "../../../platform/machines/units";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import { attempt, host, type Finished } from "../machines/host";
import { bakedPlan, madeUp } from "../machines/planned-machines";
import { glusterRootFilesystem } from "./root-filesystem";

const SCRIPTS = "/usr/local/lib/labstead/gluster";
const MODES = [
  ["nfs", "Pulumi.prod.yaml", "prod"],
  ["heketi-intree", "examples/datalabs.yaml", "datalabs"],
] as const;

runs("chroot", "ip", "mount", "openssl", "sh", "shellcheck", "umount", "unshare");

let undo: Undo;
let folder: string;
let key: { readonly private: string; readonly public: string };
const root = (): string => join(folder, "root");

beforeAll(async () => {
  key = await rsaKey();
});
beforeEach(async () => {
  undo = new Undo();
  folder = undo.folder("storage");
  const [upper, work] = [join(folder, "upper"), join(folder, "work")];
  for (const each of [upper, work, root()]) mkdirSync(each);
  const layers = `lowerdir=${await glusterRootFilesystem()},upperdir=${upper},workdir=${work}`;
  await host(["mount", "-t", "overlay", "overlay", "-o", layers, root()]);
  undo.later(() => host(["umount", root()]));
  write("/usr/bin/heketi", "#!/bin/sh\n", 0o755);
  write("/run/labstead/keepalived-interface.conf", "$LAN=lan0\n");
});
afterEach(() => undo.close());

async function rsaKey(): Promise<typeof key> {
  const made = await host(["openssl", "genrsa", "-traditional", "2048"]);
  return { private: made, public: await host(["openssl", "rsa", "-pubout"], { input: made }) };
}

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root(), path)), { recursive: true });
  writeFileSync(join(root(), path), text, { mode });
}

function inside(argv: readonly string[]): Promise<Finished> {
  const alone = ["unshare", "--net", "--mount", "--pid", "--fork", `--mount-proc=${root()}/proc`];
  const wired = 'ip link add lan0 type veth peer name lan1 && exec chroot "$@"';
  const clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", ...argv];
  return attempt([...alone, "sh", "-c", wired, "sh", root(), ...clean]);
}

function filesOf(file: string, name: string): readonly FileConfig[] {
  const config = machines(bakedPlan(file, name)).get("gluster/0");
  if (config === undefined) throw new Error(`${name} has no gluster/0`);
  return [...config.files, ...unitFiles(config.units)].map((each) => ({
    ...each,
    content: bound(each.content),
  }));
}

function bound(text: string): string {
  return String(
    bindValues(text, (reference) => {
      if (reference.name === "heketi.ssh.key") return key.private;
      return reference.name === "heketi.ssh.public" ? key.public : madeUp(reference);
    }),
  );
}

function place(files: readonly FileConfig[]): void {
  for (const { path, content, mode } of files) write(path, content, Number.parseInt(mode, 8));
}

function checks(files: readonly FileConfig[]): readonly (readonly string[])[] {
  const units = files.filter(({ path }) => /system\/[^/]+\.(service|path|timer)$/.test(path));
  const dropIns = files.flatMap(({ path }) => /system\/([^/@]+)\.d\/[^/]+\.conf$/.exec(path)?.[1] ?? []);
  const validators = files.flatMap(({ path, delivery }) =>
    delivery.kind === "sealed" && delivery.validate !== undefined
      ? [delivery.validate.map((word) => word.replace("{}", path))]
      : [],
  );
  const names = new Set([...units.map(({ path }) => basename(path).replace("@.", "@brick.")), ...dropIns]);
  const scripts = files.filter(({ path }) => path.startsWith(SCRIPTS) && path.endsWith(".sh"));
  return [
    ...validators,
    ["shellcheck", "--external-sources", "--source-path=SCRIPTDIR", ...scripts.map(({ path }) => path)],
    ["systemd-analyze", "--man=no", "verify", ...names],
  ];
}

test.each(MODES)("every file of mode %s", async (_, file, name) => {
  const files = filesOf(file, name);
  place(files);
  for (const check of checks(files)) {
    const { code, stdout, stderr } = await inside(check);
    expect({ check, code, said: code === 0 ? "" : `${stdout}${stderr}` }).toEqual({
      check,
      code: 0,
      said: "",
    });
  }
});

/** Each breaks one thing, which the program named has to see. */
const BROKEN = [
  ["check-ganesha.sh", 0, "/etc/ganesha/labstead.conf", "Lease_Lifetime = 20", "Lease_Lifetime = twenty"],
  ["check-ganesha.sh", 0, "/etc/ganesha/labstead.conf", "Squash =", "Sqaush ="],
  ["check-ganesha.sh", 0, "/etc/ganesha/labstead.conf", "LOG {", "LOG"],
  ["keepalived", 0, "/etc/keepalived/keepalived.conf", "virtual_router_id 49", "virtual_router_id 490"],
  ["bash", 0, "/etc/labstead/gluster/pool.env", 'QUOTAS="', 'QUOTAS=("'],
  ["shellcheck", 0, `${SCRIPTS}/storage.sh`, '"$folder/data"', "$folder/data"],
  ["systemd-analyze", 0, "/etc/systemd/system/labstead-gluster.service", "ExecStart=/usr", "ExecStart=/urs"],
  ["json.tool", 1, "/etc/heketi/heketi.json", '"use_auth": true,', '"use_auth": true'],
  ["heketi.py", 1, "/etc/labstead/gluster/topology.json", '"storage"', '"stored"'],
  ["ssh-keygen -y", 1, "/etc/heketi/ssh_key", "MII", "MIX"],
  ["ssh-keygen -i", 1, "/etc/labstead/gluster/heketi.pem", "MII", "MIX"],
] as const;

test.each(BROKEN)("%s sees a broken file (mode %i): %s, %s", async (program, mode, path, from, to) => {
  const [, file, name] = MODES[mode];
  const files = filesOf(file, name);
  place(files);
  const broken = files.find((each) => each.path === path);
  expect(broken?.content).toContain(from);
  write(path, broken?.content.replaceAll(from, to) ?? "", Number.parseInt(broken?.mode ?? "0644", 8));
  const asked = checks(files).filter((check) => check.join(" ").includes(program));
  expect(asked.length).toBeGreaterThan(0);
  const codes = [];
  for (const check of asked) codes.push((await inside(check)).code);
  expect(codes.some((code) => code !== 0)).toBe(true);
});

test("Heketi's key is let in from Heketi's server only, by sshd's own reading", async () => {
  const files = filesOf(MODES[1][1], MODES[1][2]);
  place(files);
  write("/run/sshd/.keep", "");
  await inside(["ssh-keygen", "-A"]);
  const reported = await inside(["sshd", "-T"]);
  expect(reported.stdout).toMatch(/^allowusers heketi@192\.168\.3\.34$/m);
  expect(reported.stdout).toMatch(/^allowusers labstead$/m);
  const script = [
    `${SCRIPTS}/heketi-key.sh`,
    "/etc/labstead/gluster/heketi.pem",
    "/tmp/keys",
    "192.168.3.34",
  ];
  expect(await inside(script)).toMatchObject({ code: 0 });
  const { stdout } = await inside(["cat", "/tmp/keys"]);
  expect(stdout).toMatch(
    /^from="192\.168\.3\.34,127\.0\.0\.1",no-port-forwarding,\S+ ssh-rsa AAAA\S+ heketi\n$/,
  );
});
