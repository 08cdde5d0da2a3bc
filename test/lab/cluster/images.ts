/**
 * The images of the nodes' store, made by hand from the executables that were built here: no registry is needed. Kept as
 * one archive beside the executables, and built again when one of them changes.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
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
import { ServiceProcess } from "../kubernetes/service-process";
import { kubernetesVersion, nodeBinaries, nodeBinariesOf, type BuiltMinor } from "../kubernetes/binaries";
import { nodeImages, type Image } from "./node-images";

runs("cp", "find", "sha256sum", "tar");

/** Images of a store beside those of Kubernetes and its network. */
export interface MoreImages {
  /** Which ones, as a word of the store's name. */
  readonly name: string;
  readonly images: readonly Image[];
}

export interface StoreContent {
  /** Releases whose images are there: in the middle of an upgrade a node needs images of both. @default 1.36 */
  readonly minors?: readonly BuiltMinor[];
  /** @default none */
  readonly more?: MoreImages;
}

/** Path of the archive. */
async function imageArchive(
  { minors = ["1.36"], more }: StoreContent,
  log: (line: string) => void,
): Promise<string> {
  const binaries = await nodeBinaries(log);
  const images = [...(await allImages(minors, log)), ...(more?.images ?? [])];
  const content = [...minors, ...(more === undefined ? [] : [more.name])].join("+");
  const [folder, kind] = [join(dirname(binaries.kubeadm), ".."), `images-${content}-`];
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
 */
export async function imageStore(log: (line: string) => void, content: StoreContent = {}): Promise<string> {
  const archive = await imageArchive(content, log);
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
    for (const image of await nodeImages(binaries, kubernetesVersion(minor))) images.set(image.name, image);
  }
  return [...images.values()];
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
  for (const folder of ["tmp", ...(image.writable ?? [])]) {
    mkdirSync(join(tree, folder), { recursive: true });
    chmodSync(join(tree, folder), 0o1777);
  }
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
      Env: ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...(image.environment ?? [])],
      ...(image.user === undefined ? {} : { User: image.user }),
      ...(image.entrypoint === undefined ? {} : { Entrypoint: image.entrypoint }),
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
  });
  const configFile = `${createHash("sha256").update(config).digest("hex")}.json`;
  writeFileSync(join(work, configFile), config);
  return { Config: configFile, RepoTags: [image.name, ...(image.otherNames ?? [])], Layers: [layer] };
}
