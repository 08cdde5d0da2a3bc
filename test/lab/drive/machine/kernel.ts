/** Debian's kernel for test machines that need what the kernel of the test host lacks: fetched once, kept in `.tools/`. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { TOOLS_DIR } from "../../../../tools/toolchain/executables";
import { runs } from "../../host/programs";
import { host } from "../../machines/host";

runs("apt-cache", "apt-get", "depmod", "dpkg-deb", "env", "modprobe", "sh");

/** Of Debian's own choice of a kernel for servers. */
const METAPACKAGE = "linux-image-amd64";
/** In the first step of a boot: devices, the shared folders, XFS and the NFS client. */
const MODULES = ["virtio_pci", "9pnet_virtio", "9p", "overlay", "virtio_blk", "xfs", "nfsv4"];

export interface Kernel {
  readonly image: string;
  /** Files of modules, each after those that it needs. */
  readonly modules: readonly string[];
}

/** The first call of a fresh checkout downloads 70 MB. @throws Error with what apt or kmod said */
export async function debianKernel(): Promise<Kernel> {
  const name = await packageName();
  const version = name.replace("linux-image-", "");
  const folder = join(TOOLS_DIR, "kernel", name);
  if (!existsSync(folder)) await unpack(name, version, folder);
  const modules = new Set<string>();
  for (const module of MODULES)
    for (const file of await withDependencies(folder, version, module)) modules.add(file);
  return { image: join(folder, "boot", `vmlinuz-${version}`), modules: [...modules] };
}

/** As the metapackage names it: `linux-image-6.1.0-57-amd64`. */
async function packageName(): Promise<string> {
  const described = await host(["apt-cache", "depends", METAPACKAGE]);
  const [, name] = /Depends: (linux-image-[0-9]\S+)/.exec(described) ?? [];
  if (name === undefined) throw new Error(`${METAPACKAGE} depends on no kernel:\n${described}`);
  return name;
}

/** Complete or not there at all. */
async function unpack(name: string, version: string, folder: string): Promise<void> {
  const work = `${folder}-work`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await host(["sh", "-ec", 'cd "$1"; apt-get -q download "$2"', "sh", work, name]);
  const archive = readdirSync(work).find((file) => file.endsWith(".deb"));
  if (archive === undefined) throw new Error(`apt-get has downloaded no ${name}`);
  await host(["dpkg-deb", "--extract", join(work, archive), work]);
  rmSync(join(work, basename(archive)));
  await host(["depmod", "--basedir", work, version]);
  renameSync(work, folder);
}

async function withDependencies(folder: string, version: string, module: string): Promise<readonly string[]> {
  const options = ["--dirname", folder, "--set-version", version, "--show-depends"];
  const lines = await host(["modprobe", ...options, module]);
  return [...lines.matchAll(/^insmod (\S+)/gm)].flatMap(([, file]) => file ?? []);
}
