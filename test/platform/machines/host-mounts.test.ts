/** File systems that exist elsewhere, on nodes: what each kind mounts, by what, and with which secrets. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machines } from "../../../platform/machines";
import { changed, configOf, ownerBase, plannedOf } from "../../environment/configs";

const MOUNTS = {
  archive: { kind: "nfs", server: "files.example.org", path: "/export/data", mountPoint: "/mnt/archive" },
  ceph: {
    kind: "cephfs",
    monitors: ["10.1.0.5:6789", "10.1.0.6:6789"],
    fileSystem: "lab",
    client: "nodes",
    mountPoint: "/mnt/ceph",
    readOnly: false,
  },
  software: {
    kind: "cvmfs",
    repository: "sw.example.org",
    proxies: ["http://squid.example.org:3128"],
    package: "cvmfs",
  },
  scratch: {
    kind: "lustre",
    servers: ["10.2.0.5@tcp", "10.2.0.6@tcp"],
    fileSystem: "scratch",
    mountPoint: "/mnt/scratch",
    package: "lustre-client",
  },
};

const { plan } = plannedOf(
  configOf(
    "lab",
    changed(ownerBase(), {
      "servers.workers.general.mounts": MOUNTS,
      "servers.workers.other": { flavor: "large", min: 1, range: { start: 20, size: 4 } },
      "servers.workers.general.range": { start: 0, size: 20 },
    }),
  ),
);
const all = machines(plan);

function machine(key: string) {
  const found = all.get(key);
  if (found === undefined) throw new Error(`no server ${key}`);
  return found;
}

const node = machine("workers.general/0");
const contentOf = (path: string) => node.files.find((file) => file.path === path)?.content;

test.each([
  [
    "archive",
    'TYPE="nfs"\nWHAT="files.example.org:/export/data"\nWHERE="/mnt/archive"\nOPTIONS="vers=4.2,hard,ro,nosuid,nodev"\n',
  ],
  [
    "ceph",
    'TYPE="ceph"\nWHAT="10.1.0.5:6789,10.1.0.6:6789:/"\nWHERE="/mnt/ceph"\nOPTIONS="name=nodes,secretfile=/etc/labstead/ceph/nodes.key,fs=lab,rw,nosuid,nodev"\n',
  ],
  [
    "software",
    'TYPE="cvmfs"\nWHAT="sw.example.org"\nWHERE="/cvmfs/sw.example.org"\nOPTIONS="ro,nosuid,nodev"\n',
  ],
  [
    "scratch",
    'TYPE="lustre"\nWHAT="10.2.0.5@tcp:10.2.0.6@tcp:/scratch"\nWHERE="/mnt/scratch"\nOPTIONS="flock,ro,nosuid,nodev"\n',
  ],
])("%s is mounted", (name, settings) => {
  expect(contentOf(`/etc/labstead/mounts/${name}`)).toBe(settings);
  expect(node.units.find((unit) => unit.name === `labstead-mount@${name}.service`)?.state).toBe("enabled");
});

test("the clients are installed, on the nodes of the pool alone", () => {
  const names = (key: string) => machine(key).packages.map((each) => each.name);
  const clients = ["nfs-common", "ceph-common", "cvmfs", "lustre-client"];
  expect(clients.filter((each) => names("workers.general/0").includes(each))).toEqual(clients);
  expect(clients.slice(1).filter((each) => names("workers.other/0").includes(each))).toEqual([]);
  expect(machine("workers.other/0").units.some((unit) => unit.name.includes("labstead-mount@"))).toBe(false);
});

test("Ceph's key is pushed, readable by root alone, and the mount waits for it", () => {
  const key = node.files.find((file) => file.path === "/etc/labstead/ceph/nodes.key");
  expect(key).toMatchObject({ mode: "0600", delivery: { kind: "sealed" } });
  expect(node.units.find((unit) => unit.name === "labstead-mount@ceph.service")?.needs).toEqual([
    "/etc/labstead/ceph/nodes.key",
  ]);
  expect(plan.secrets).toContainEqual({ kind: "given", name: "ceph/nodes", configKey: "ceph-nodes" });
});

describe("the script", () => {
  const folder = mkdtempSync(join(tmpdir(), "host-mount-"));
  const where = join(folder, "at");
  const calls = join(folder, "calls");

  /** Runs it where `mount`, `umount` and `mountpoint` write down how they were called. */
  function run(mounted: boolean, ...args: readonly string[]): string {
    for (const [name, code] of [
      ["mount", 0],
      ["umount", 0],
      ["mountpoint", mounted ? 0 : 1],
    ] as const) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} "$@" >> ${calls}\nexit ${String(code)}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    writeFileSync(join(folder, "archive"), `TYPE=nfs\nWHAT=a:/b\nWHERE=${where}\nOPTIONS=ro\n`);
    const text = (contentOf("/usr/local/lib/labstead/host-mount") ?? "").replace(
      "/etc/labstead/mounts",
      folder,
    );
    writeFileSync(join(folder, "script"), text, { mode: 0o755 });
    writeFileSync(calls, "");
    const path = `${folder}:${process.env["PATH"] ?? ""}`;
    const { status, stderr } = spawnSync(join(folder, "script"), args, {
      env: { PATH: path },
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    return readFileSync(calls, "utf8");
  }

  test("mounts what is not mounted yet, and once", () => {
    expect(run(false, "start", "archive")).toBe(
      `mountpoint --quiet ${where}\nmount -t nfs -o ro a:/b ${where}\n`,
    );
    expect(run(true, "start", "archive")).toBe(`mountpoint --quiet ${where}\n`);
    expect(run(true, "stop", "archive")).toBe(`umount --lazy ${where}\n`);
  });
});
