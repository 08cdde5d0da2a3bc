/**
 * The images that kubeadm asks for, made by hand from the executables that were built here: no registry is needed. Kept as
 * one archive beside the executables, and made anew when one of them changes.
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { uniqueName } from "../host/names";
import { runs } from "../host/programs";
import { Undo } from "../host/undo";
import { host } from "../machines/host";
import { rootFilesystem } from "../machines/root-filesystem";
import { ServiceProcess } from "../kubernetes/service-process";
import {
  kubernetesVersion,
  nodeBinaries,
  nodeBinariesOf,
  type BuiltMinor,
  type NodeBinaries,
} from "../kubernetes/binaries";

runs("busybox", "chroot", "cp", "find", "sha256sum", "tar");

/** A shell with what tests need in pods, under a name that no registry has. */
export const TOOLBOX = "lab.local/toolbox:1";

interface Image {
  readonly name: string;
  /** Files by their path in the image. */
  readonly files: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
}

const BUSYBOX = "/bin/busybox";
const APPLETS = "sh ls cat sleep wget httpd hostname ip".split(" ");

/** Path of the archive. */
async function imageArchive(minors: readonly BuiltMinor[], log: (line: string) => void): Promise<string> {
  const binaries = await nodeBinaries(log);
  const images = await allImages(minors, log);
  const [folder, kind] = [join(dirname(binaries.kubeadm), ".."), `images-${minors.join("+")}-`];
  const archive = join(folder, `${kind}${digestOf(images)}.tar`);
  if (existsSync(archive)) return archive;
  // Those of executables that are no more; each is a gigabyte with its store.
  for (const name of readdirSync(folder))
    if (name.startsWith(kind)) rmSync(join(folder, name), { recursive: true, force: true });
  return Undo.within(async (undo) => {
    const work = undo.folder("images");
    const manifest = [];
    for (const image of images) manifest.push(await makeImage(image, work));
    writeFileSync(join(work, "manifest.json"), JSON.stringify(manifest));
    const layers = manifest.flatMap(({ Config, Layers }) => [Config, ...Layers]);
    const partial = `${archive}.part`;
    await host(["tar", "-C", work, "-cf", partial, "manifest.json", ...new Set(layers)]);
    renameSync(partial, archive);
    return archive;
  });
}

/**
 * containerd's folder with the images in it, as an image of a server has it. Made once; copy it by `copyStore`.
 * Unpacking takes each machine half a minute otherwise.
 * @param minors releases whose images are there: in the middle of an upgrade a node needs images of both
 */
export async function imageStore(
  log: (line: string) => void,
  minors: readonly BuiltMinor[] = ["1.36"],
): Promise<string> {
  const archive = await imageArchive(minors, log);
  const store = archive.replace(/\.tar$/, "-store");
  if (existsSync(store)) return store;
  await Undo.within((undo) => unpack(undo, archive, store, log));
  return store;
}

async function unpack(
  undo: Undo,
  archive: string,
  store: string,
  log: (line: string) => void,
): Promise<void> {
  const { containerd, ctr } = await nodeBinaries(log);
  const work = undo.folder("store");
  const root = `${store}.part`;
  rmSync(root, { recursive: true, force: true });
  const socket = join(work, "containerd.sock");
  const settings = join(work, "config.toml");
  writeFileSync(
    settings,
    `version = 3\nroot = "${root}"\nstate = "${join(work, "state")}"\ndisabled_plugins = ["io.containerd.cri.v1.runtime", "io.containerd.cri.v1.images", "io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "${socket}"\n`,
  );
  const service = ServiceProcess.start(containerd, ["--config", settings], join(work, "log"));
  undo.later(() => service.stop());
  await service.until(() => Promise.resolve(existsSync(socket)), 30_000);
  const images = ["--address", socket, "--namespace", "k8s.io", "images"];
  await host([ctr, ...images, "import", archive], { timeout: 300_000 });
  await service.stop();
  renameSync(root, store);
}

/** Layers are never written to and are shared by links; the databases are each machine's own. */
export async function copyStore(store: string, target: string): Promise<void> {
  await host(["cp", "--archive", "--link", store, target]);
  const databases = await host(["find", target, "-name", "*.db"]);
  for (const file of databases.trim().split("\n")) {
    await host(["cp", "--archive", file, `${file}.own`]);
    renameSync(`${file}.own`, file);
  }
}

/** Those that two releases share, such as etcd's, once. */
async function allImages(
  minors: readonly BuiltMinor[],
  log: (line: string) => void,
): Promise<readonly Image[]> {
  const images = new Map<string, Image>();
  for (const minor of minors) {
    const binaries = await nodeBinariesOf(minor, log);
    for (const image of await kubernetesImages(binaries, kubernetesVersion(minor)))
      images.set(image.name, image);
  }
  return [...images.values()];
}

async function kubernetesImages(binaries: NodeBinaries, release: string): Promise<readonly Image[]> {
  // The release that is built here, without asking the network for the newest.
  const listed = await host([binaries.kubeadm, "config", "images", "list", "--kubernetes-version", release]);
  const names = listed.trim().split("\n");
  const images = [];
  for (const name of names) images.push(await kubernetesImage(name, binaries));
  return [...images, { name: TOOLBOX, files: busybox(), links: applets() }];
}

async function kubernetesImage(name: string, binaries: NodeBinaries): Promise<Image> {
  const program = /([^/]+):[^:]+$/.exec(name)?.[1] ?? "";
  switch (program) {
    case "kube-apiserver":
    case "kube-controller-manager":
    case "kube-scheduler":
    case "etcd":
      return { name, files: { [`/usr/local/bin/${program}`]: binaries[program] } };
    case "kube-proxy":
      return {
        name,
        files: { "/usr/local/bin/kube-proxy": binaries["kube-proxy"], ...busybox(), ...(await netfilter()) },
        links: { ...applets(), ...iptables() },
      };
    // Of pause and CoreDNS it is only asked that they stay: names are looked up by no test.
    default:
      return { name, files: busybox(), links: applets(), entrypoint: ["/bin/sleep", "2147483647"] };
  }
}

const busybox = (): Record<string, string> => ({ [BUSYBOX]: "/bin/busybox" });
const applets = (): Record<string, string> =>
  Object.fromEntries(APPLETS.map((name) => [`/bin/${name}`, "busybox"]));

/** Programs of the machines' own Debian that kube-proxy calls, with their libraries. */
async function netfilter(): Promise<Record<string, string>> {
  const root = await rootFilesystem();
  const programs = ["/usr/sbin/xtables-nft-multi", "/usr/sbin/nft", "/usr/sbin/conntrack"];
  const extensions = "/usr/lib/x86_64-linux-gnu/xtables";
  // Loaded when a rule asks for them, so the programs do not name what they need: `statistic` chooses among pods by libm.
  const loaded = readdirSync(join(root, extensions)).map((name) => join(extensions, name));
  const linked = await host(["chroot", root, "ldd", ...programs, ...loaded]);
  const libraries = [...linked.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].flatMap(([, path]) => path ?? []);
  const real = (path: string) => join(root, path);
  const files = [...programs, ...libraries].map((path) => [path, real(path)] as const);
  return { ...Object.fromEntries(files), [extensions]: real(extensions) };
}

function iptables(): Record<string, string> {
  const names = ["iptables", "ip6tables"].flatMap((name) =>
    ["", "-save", "-restore"].map((end) => `${name}${end}`),
  );
  return Object.fromEntries(names.map((name) => [`/usr/sbin/${name}`, "xtables-nft-multi"]));
}

function digestOf(images: readonly Image[]): string {
  const sizes = images.flatMap(({ files }) =>
    Object.values(files).map(
      (path) => `${path} ${String(statSync(path).size)} ${String(statSync(path).mtimeMs)}`,
    ),
  );
  return createHash("sha256")
    .update(JSON.stringify([images, sizes]))
    .update(readFileSync(__filename))
    .digest("hex")
    .slice(0, 12);
}

interface Manifest {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

const FOLDERS = [
  "tmp",
  "etc",
  "run",
  "var",
  "proc",
  "sys",
  "dev",
  "bin",
  "lib",
  "lib64",
  "usr/sbin",
  "usr/local/bin",
];

/** One layer and its configuration, as `docker save` writes them. */
async function makeImage(image: Image, work: string): Promise<Manifest> {
  const tree = join(work, uniqueName("tree"));
  mkdirSync(tree);
  for (const folder of FOLDERS) mkdirSync(join(tree, folder), { recursive: true });
  for (const [path, source] of Object.entries(image.files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    cpSync(source, join(tree, path), { recursive: true, dereference: true });
  }
  for (const [path, target] of Object.entries(image.links ?? {})) symlinkSync(target, join(tree, path));
  const layer = `${createHash("sha256").update(image.name).digest("hex")}.tar`;
  await host(["tar", "-C", tree, "--owner=0", "--group=0", "-cf", join(work, layer), "."]);
  rmSync(tree, { recursive: true });
  const [digest = ""] = (await host(["sha256sum", join(work, layer)])).split(" ");
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    config: {
      Env: ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      ...(image.entrypoint === undefined ? {} : { Entrypoint: image.entrypoint }),
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
  });
  const configFile = `${createHash("sha256").update(config).digest("hex")}.json`;
  writeFileSync(join(work, configFile), config);
  return { Config: configFile, RepoTags: [image.name], Layers: [layer] };
}
