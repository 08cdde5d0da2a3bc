/**
 * A bare Debian: a root file system of nothing but what every Debian has, in which Node, Go and this checkout are shown.
 * Each run is over a layer of its own, in its own mount and process namespaces; the network is the host's, because
 * packages come over it. Built once, kept in `.tools/`.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../../cli/command";
import { runs } from "../host/programs";
import type { Undo } from "../host/undo";
import { attempt, type Finished } from "../machines/host";
import { bareFilesystem } from "../machines/root-filesystem";

runs("chroot", "cp", "dirname", "env", "mkdir", "mount", "pivot_root", "sh", "timeout", "umount", "unshare");

const TOOLS = realpathSync(join(ROOT, ".tools"));
/** Packages that were fetched, for all runs. */
const ARCHIVES = join(TOOLS, "bare/archives");
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

export class BareRoot {
  private constructor(
    private readonly lower: string,
    private readonly folder: string,
    private readonly shown: readonly string[],
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** One that nothing was ever installed in. */
  static async open(undo: Undo): Promise<BareRoot> {
    mkdirSync(join(ARCHIVES, "partial"), { recursive: true });
    const lower = await bareFilesystem();
    const folder = undo.folder("bare");
    for (const name of ["upper", "work", "root", "tmp"]) mkdirSync(join(folder, name));
    const go = goSettings();
    const shown = [ROOT, TOOLS, process.execPath, ...go.folders].map((path) => realpathSync(path));
    return new BareRoot(lower, folder, [...new Set(shown)], {
      ...go.environment,
      ...{ HOME: "/root", LC_ALL: "C.UTF-8", SSL_CERT_FILE: "/etc/lab-certificates.pem" },
      PATH: pathOf(go.folders),
    });
  }

  /** Runs a program inside, from the checkout. */
  async run(
    argv: readonly string[],
    environment: Readonly<Record<string, string>>,
    seconds: number,
  ): Promise<Finished> {
    const at = (name: string): string => join(this.folder, name);
    const layers = `lowerdir=${this.lower},upperdir=${at("upper")},workdir=${at("work")}`;
    const prepared = {
      LAYERS: layers,
      BARE: at("root"),
      SCRATCH: at("tmp"),
      SHOWN: this.shown.join("\n"),
      ARCHIVES,
    };
    copyFileSync("/etc/resolv.conf", at("resolv.conf"));
    copyFileSync("/etc/hosts", at("hosts"));
    if (existsSync(CERTIFICATES)) copyFileSync(CERTIFICATES, at("certificates.pem"));
    else writeFileSync(at("certificates.pem"), "");
    const inside = { ...this.environment, ...environment };
    const words = Object.entries(inside).map(([name, value]) => `${name}=${value}`);
    const alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private"];
    return attempt(
      [
        "timeout",
        "--kill-after=30",
        String(seconds),
        ...alone,
        "sh",
        "-c",
        ENTER,
        "sh",
        ROOT,
        ...words,
        ...argv,
      ],
      {
        env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", FOLDER: this.folder, ...prepared },
        timeout: (seconds + 60) * 1000,
      },
    );
  }
}

/**
 * Mounts end with the namespace. What labs mount overlays on has to be a real file system, not this overlay. The root is
 * the namespace's own, since whoever enters the namespace by its id stands there, and not where a chroot has led. The
 * first process is a shell that stays, since Node would not wait for orphans that are handed to it.
 */
const ENTER = `set -e
directory=$1; shift
mount -t overlay overlay -o "$LAYERS" "$BARE"
mount -t proc proc "$BARE/proc"
mount --rbind /sys "$BARE/sys"
mount --rbind /dev "$BARE/dev"
mount -t tmpfs tmpfs "$BARE/run"
mkdir -p "$BARE/run/lock"
mount --bind "$SCRATCH" "$BARE/tmp"
mount --bind "$ARCHIVES" "$BARE/var/cache/apt/archives"
cp "$FOLDER/resolv.conf" "$FOLDER/hosts" "$BARE/etc/"
cp "$FOLDER/certificates.pem" "$BARE/etc/lab-certificates.pem"
echo "$SHOWN" | while read -r path; do
  if [ -d "$path" ]; then mkdir -p "$BARE$path"; else mkdir -p "$BARE$(dirname "$path")"; : >"$BARE$path"; fi
  mount --rbind "$path" "$BARE$path"
done
mkdir -p "$BARE/old"
cd "$BARE"
pivot_root . old
exec chroot . env -i sh -c 'umount -l /old && cd "$1" && shift && env "$@"; exit $?' sh "$directory" "$@"`;

interface GoSettings {
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Go is no package of this Debian: it is a condition of the repository, as Node is; it brings its caches. */
function goSettings(): GoSettings {
  const { stdout, status } = spawnSync(
    "go",
    ["env", "-json", "GOROOT", "GOMODCACHE", "GOCACHE", "GOPROXY", "GOFLAGS", "GONOSUMDB", "GOSUMDB"],
    { encoding: "utf8" },
  );
  if (status !== 0) return { folders: [], environment: {} };
  const environment = JSON.parse(stdout) as Readonly<Record<string, string>>;
  const folders = ["GOROOT", "GOMODCACHE", "GOCACHE"].map((name) => environment[name] ?? "");
  return { folders: folders.filter((path) => existsSync(path)), environment };
}

function pathOf([goRoot]: readonly string[]): string {
  const own = [".tools/bin", "node_modules/.bin"].map((path) => join(ROOT, path));
  const go = goRoot === undefined ? [] : [join(goRoot, "bin")];
  return [...own, dirname(process.execPath), ...go, "/usr/sbin:/usr/bin:/sbin:/bin"].join(":");
}
