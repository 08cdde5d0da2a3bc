/** The image of every machine of this lab: the shared one, with a package more, and a time server to ask. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { runs } from "../host/programs";
import { host } from "../machines/host";
import { layered } from "../machines/layer";
import { rootFilesystem } from "../machines/root-filesystem";

runs("chroot", "rm", "sh");

const CACHE = resolve(__dirname, "../../../.tools/platform");
/** The plan installs it on bastions: fail2ban reads the journal with it. */
const PACKAGE = "python3-systemd";

let built: Promise<string> | undefined;

/** Folders for an overlay's lower side, the upper one first. */
export function platformRootFilesystem(): Promise<string> {
  built ??= rootFilesystem().then(withPackage);
  return built;
}

function withPackage(base: string): Promise<string> {
  const recipe = createHash("sha256")
    .update(`${basename(base)} ${PACKAGE}`)
    .digest("hex")
    .slice(0, 12);
  return layered({ cache: CACHE, base, name: recipe, install });
}

async function install(root: string): Promise<void> {
  const resolver = join(root, "etc/resolv.conf");
  rmSync(resolver, { force: true });
  writeFileSync(resolver, readFileSync("/etc/resolv.conf"));
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
  const apt = ["apt-get", "-q", "-y", "--no-install-recommends"];
  await host(["chroot", root, ...apt, "update"], { env, timeout: 300_000 });
  await host(["chroot", root, ...apt, "install", PACKAGE], { env, timeout: 300_000 });
  await host(["sh", "-c", 'rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*', "sh", root]);
}

/**
 * A provider's DHCP would name the time server. The clock is the host's, so chronyd leaves it alone (`-x`).
 * @param root folder of a machine that has not booted yet
 * @param timeServer its address
 */
export function bringSettings(root: string, timeServer: string): void {
  const files: Readonly<Record<string, string>> = {
    "etc/default/chrony": 'DAEMON_OPTS="-F 0 -x"\nSYNC_IN_CONTAINER="yes"\n',
    "etc/chrony/conf.d/lab.conf": `server ${timeServer} iburst\n`,
    "etc/systemd/system/chrony.service.d/50-lab.conf": "[Unit]\nConditionCapability=\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
