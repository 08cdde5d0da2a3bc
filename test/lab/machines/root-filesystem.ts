/**
 * The root file system that all test machines share, read-only below an overlay: Debian with cloud-init and every
 * package that a role of the plan needs, as an image has them that was baked for the lab. Built once, kept in `.tools/`.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { runs } from "../host/programs";
import { host, until } from "./host";

runs("chroot", "debootstrap", "rm", "sh");

const SUITE = "bookworm";
const CACHE = resolve(__dirname, "../../../.tools/machines");

/** The system itself, as a cloud image has it. */
const SYSTEM = [
  ..."systemd systemd-sysv dbus udev libpam-systemd cloud-init netplan.io systemd-resolved openssh-server".split(
    " ",
  ),
  ..."sudo ca-certificates curl iproute2 iputils-ping procps kmod e2fsprogs xfsprogs python3-minimal gpgv".split(
    " ",
  ),
];

/** What the roles bring. */
const ROLES = [
  ..."nftables chrony unattended-upgrades haproxy keepalived fail2ban prometheus-node-exporter".split(" "),
  ..."nfs-kernel-server wireguard-tools wireguard-go rsyslog rsyslog-gnutls gpg".split(" "),
  ..."containerd runc containernetworking-plugins iptables ipset ebtables conntrack socat ethtool".split(" "),
];

/** Settings that belong to test machines: where cloud-init looks, and nothing that reaches for the network by itself. */
const SETTINGS: Readonly<Record<string, string>> = {
  "etc/cloud/cloud.cfg.d/90-lab.cfg": "datasource_list: [NoCloud, None]\nlocale: C.UTF-8\n",
  "etc/machine-id": "",
};

const MASKED = ["apt-daily.timer", "apt-daily-upgrade.timer", "systemd-networkd-wait-online.service"];
/** Packages start their services in a machine as soon as the plan has enabled them, not before. */
const DISABLED = [
  ..."haproxy keepalived fail2ban prometheus-node-exporter containerd nfs-server nftables".split(" "),
];

let built: Promise<string> | undefined;

/** Folder of the root file system; the first call of a fresh checkout takes a minute or two. */
export function rootFilesystem(): Promise<string> {
  built ??= build();
  return built;
}

/** Folder of a root file system of what every Debian has, and of lists of packages, for tests of what labs install. */
export async function bareFilesystem(): Promise<string> {
  const folder = join(CACHE, "../bare", SUITE);
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(CACHE, { recursive: true });
  return locked(async () => {
    if (existsSync(folder)) return folder;
    const work = `${folder}-work`;
    rmSync(work, { recursive: true, force: true });
    await host(["debootstrap", "--variant=minbase", SUITE, work, ...mirror()], { timeout: 1_800_000 });
    writeFileSync(join(work, "etc/resolv.conf"), readFileSync("/etc/resolv.conf"));
    await inside(work, ["apt-get", "-q", "update"]);
    renameSync(work, folder);
    return folder;
  });
}

async function build(): Promise<string> {
  const recipe = createHash("sha256")
    .update(JSON.stringify([SUITE, SYSTEM, ROLES, SETTINGS, MASKED, DISABLED]))
    .digest("hex")
    .slice(0, 12);
  const folder = join(CACHE, `${SUITE}-${recipe}`);
  mkdirSync(CACHE, { recursive: true });
  return locked(async () => (existsSync(folder) ? folder : make(folder)));
}

/** One build at a time, of all processes; a lock whose process has ended is nobody's. */
async function locked<T>(work: () => Promise<T>): Promise<T> {
  const lock = join(CACHE, "lock");
  await until("end of another build", 1200, () => {
    if (existsSync(lock) && !existsSync(`/proc/${readFileSync(lock, "utf8")}`)) rmSync(lock, { force: true });
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return true;
    } catch {
      return undefined;
    }
  });
  try {
    return await work();
  } finally {
    rmSync(lock);
  }
}

async function make(folder: string): Promise<string> {
  for (const old of readdirSync(CACHE))
    if (old.startsWith(SUITE)) rmSync(join(CACHE, old), { recursive: true });
  const work = join(CACHE, `${SUITE}-work-${String(process.pid)}`);
  await host(["debootstrap", "--variant=minbase", SUITE, work, ...mirror()], { timeout: 1_800_000 });
  await install(work);
  for (const [path, text] of Object.entries(SETTINGS)) writeFileSync(join(work, path), text);
  await inside(work, ["systemctl", "mask", ...MASKED]);
  await inside(work, ["systemctl", "disable", ...DISABLED]);
  await inside(work, ["systemctl", "enable", "systemd-networkd", "systemd-resolved"]);
  await host(["sh", "-c", 'rm -f "$1"/etc/ssh/ssh_host_* "$1"/var/cache/apt/archives/*.deb', "sh", work]);
  renameSync(work, folder);
  return folder;
}

/** Where this machine's own apt gets Debian from; empty where it does not say so: debootstrap has a default. */
function mirror(): readonly string[] {
  const given = process.env["DEBIAN_MIRROR"];
  if (given !== undefined) return [given];
  const folder = "/etc/apt/sources.list.d";
  const texts = ["/etc/apt/sources.list", ...readdirSync(folder).map((name) => join(folder, name))]
    .filter((path) => existsSync(path) && !path.endsWith(".disabled"))
    .map((path) => readFileSync(path, "utf8"));
  const found = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+\/debian)\/?(?:\s|$)/m.exec(texts.join("\n"));
  return found?.[1] === undefined ? [] : [found[1]];
}

/** debootstrap cannot resolve every dependency of these; apt inside can. */
async function install(root: string): Promise<void> {
  const guard = join(root, "usr/sbin/policy-rc.d");
  writeFileSync(guard, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  writeFileSync(join(root, "etc/resolv.conf"), readFileSync("/etc/resolv.conf"));
  const options = ["-q", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-unsafe-io"];
  await inside(root, ["apt-get", "install", ...options, ...SYSTEM, ...ROLES]);
  rmSync(guard);
}

async function inside(root: string, argv: readonly string[]): Promise<string> {
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
  return host(["chroot", root, ...argv], { env, timeout: 900_000 });
}
