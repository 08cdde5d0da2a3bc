/**
 * The root file system of shared storage servers: what Gluster and Ganesha bring, as a layer over the one that all test
 * machines share. Built once, kept in `.tools/`; built again when the shared one is.
 */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { runs } from "../host/programs";
import { host } from "../machines/host";
import { layered } from "../machines/layer";
import { rootFilesystem } from "../machines/root-filesystem";

runs("chroot");

const CACHE = resolve(__dirname, "../../../.tools/gluster");
/** libnfs is the client of the tests: the kernel of a test machine may have none. */
const PACKAGES =
  "glusterfs-server attr xfsprogs nfs-ganesha nfs-ganesha-gluster lvm2 libnfs13 openssh-client shellcheck";
/** They start when the plan's user data has enabled them, not before. */
const DISABLED = ["glusterd", "nfs-ganesha", "nfs-ganesha-lock", "rpcbind"];

let built: Promise<string> | undefined;

/** Folders for an overlay's lower side, the upper one first; the first call of a checkout takes a minute. */
export function glusterRootFilesystem(): Promise<string> {
  built ??= rootFilesystem().then(build);
  return built;
}

function build(base: string): Promise<string> {
  const recipe = createHash("sha256")
    .update(`${PACKAGES} ${DISABLED.join(" ")} 2`)
    .digest("hex")
    .slice(0, 12);
  return layered({ cache: CACHE, base, name: `${basename(base)}-${recipe}`, install });
}

async function install(root: string): Promise<void> {
  const guard = join(root, "usr/sbin/policy-rc.d");
  writeFileSync(guard, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  const resolver = join(root, "etc/resolv.conf");
  rmSync(resolver);
  writeFileSync(resolver, readFileSync("/etc/resolv.conf"));
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
  const inside = (...argv: readonly string[]) => host(["chroot", root, ...argv], { env, timeout: 900_000 });
  const quick = ["-q", "-y", "-o", "Dpkg::Options::=--force-unsafe-io"];
  await inside("apt-get", "-q", "update");
  await inside("apt-get", "install", "--no-install-recommends", ...quick, ...PACKAGES.split(" "));
  rmSync(guard);
  // glusterd asks for the name of whoever connects; there is nobody to ask, which has to be plain at once.
  writeFileSync(resolver, "options timeout:1 attempts:1\n");
  for (const unit of DISABLED) await inside("systemctl", "disable", unit).catch(() => undefined);
  await inside(
    "sh",
    "-c",
    "rm -rf /var/lib/glusterd/glusterd.info /var/cache/apt/archives/*.deb /var/lib/apt/lists/*",
  );
}
