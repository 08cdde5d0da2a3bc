/**
 * Images of a hub, of its people's servers and of Traefik, under the names that the charts ask for: JupyterHub, KubeSpawner
 * and JupyterLab from PyPI, the proxy from npm, Traefik from its Go module.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { HUB_IMAGES } from "../../../apps/hub/images";
import { imageText } from "../../../environment/parts/images";
import { IMAGES as TRAEFIK_IMAGES } from "../../../platform/cluster/traefik/images";
import type { MoreImages } from "../cluster/images";
import { applets, busybox, debian, type Files, type Image } from "../cluster/node-images";
import { runs } from "../host/programs";
import { notebookEnvironment, proxyFolder } from "../hub/python";
import { kubernetesBinary } from "../kubernetes/binaries";
import { host } from "../machines/host";
import { rootFilesystem } from "../machines/root-filesystem";

runs("ldd");

const PYTHON = "/usr/bin/python3.11";
const STANDARD_LIBRARY = "/usr/lib/python3.11";
/** Of a hub and of a server: one layer has both. */
const ENVIRONMENT = ["HOME=/home/jovyan", "LANG=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1"];
const PROGRAMS = ["jupyterhub", "jupyterhub-singleuser", "configurable-http-proxy"];

export async function dayImages(log: (line: string) => void): Promise<MoreImages> {
  return { name: "day", images: [await jupyter(), await traefik(log)] };
}

async function traefik(log: (line: string) => void): Promise<Image> {
  return {
    name: imageText(TRAEFIK_IMAGES.controller),
    files: { "/usr/local/bin/traefik": await kubernetesBinary("traefik", log) },
    entrypoint: ["/usr/local/bin/traefik"],
  };
}

async function jupyter(): Promise<Image> {
  const environment = notebookEnvironment();
  const packages = join(environment, "lib/python3.11/site-packages");
  const programs = PROGRAMS.map(
    (name) => [`/usr/local/bin/${name}`, join(__dirname, "image", name)] as const,
  );
  const share = ["jupyter", "jupyterhub"].map(
    (name) => [`/usr/share/${name}`, join(environment, "share", name)] as const,
  );
  return {
    name: imageText(HUB_IMAGES.hub),
    otherNames: [imageText(HUB_IMAGES.proxy), imageText(HUB_IMAGES.server)],
    files: {
      "/etc/passwd": join(__dirname, "image/passwd"),
      "/etc/jupyter": join(environment, "etc/jupyter"),
      "/usr/local/lib/python3.11/dist-packages": packages,
      "/opt/proxy/node_modules": join(proxyFolder(), "node_modules"),
      ...Object.fromEntries([...programs, ...share]),
      ...busybox(),
      ...(await nativeLibraries(packages)),
      ...(await node()),
      ...(await python()),
    },
    links: { ...applets(), "/usr/bin/python3": "python3.11", "/usr/bin/python": "python3.11" },
    environment: ENVIRONMENT,
  };
}

/** The machines' own, whose modules load libraries that the program does not name. */
async function python(): Promise<Files> {
  const root = await rootFilesystem();
  const modules = join(STANDARD_LIBRARY, "lib-dynload");
  const loaded = readdirSync(join(root, modules)).map((name) => join(modules, name));
  const { [PYTHON]: program = "", ...files } = await debian([PYTHON], loaded);
  const libraries = Object.entries(files).filter(([path]) => !path.startsWith(modules));
  return {
    [PYTHON]: program,
    [STANDARD_LIBRARY]: join(root, STANDARD_LIBRARY),
    ...Object.fromEntries(libraries),
  };
}

/** What the packages' own modules need of the system, whose Debian is the machines' too. */
async function nativeLibraries(packages: string): Promise<Files> {
  const modules = readdirSync(packages, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.so(\.|$)/.test(name))
    .map((name) => join(packages, name));
  return systemLibraries(await host(["ldd", ...modules]));
}

/** The one that runs the tests. */
async function node(): Promise<Files> {
  const linked = systemLibraries(await host(["ldd", process.execPath]));
  return { "/usr/local/bin/node": process.execPath, ...linked };
}

/** Those that ldd has found, by their paths; a package's own ones are in the package. */
function systemLibraries(linked: string): Files {
  const found = [...linked.matchAll(/(?:=> |^\s+)(\/(?:usr\/)?lib\S*) \(/gm)].flatMap(
    ([, path]) => path ?? [],
  );
  return Object.fromEntries(found.map((path) => [path, path]));
}
