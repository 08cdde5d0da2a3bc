/**
 * What is in the images of the nodes' store: the programs that were built here, with those of the machines' own Debian that
 * they call, under the names that kubeadm and the charts ask for.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { KUBE_ROUTER_IMAGES } from "../../../platform/cluster/kube-router/images";
import { runs } from "../host/programs";
import { host } from "../machines/host";
import { rootFilesystem } from "../machines/root-filesystem";
import type { NodeBinaries } from "../kubernetes/binaries";

runs("busybox", "chroot");

/** A shell with what tests need in pods, under a name that no registry has. */
export const TOOLBOX = "lab.local/toolbox:1";

export interface Image {
  readonly name: string;
  /** Under which the store has it, too. */
  readonly otherNames?: readonly string[];
  /** Files by their path in the image. */
  readonly files: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  /** Beside PATH: `NAME=value`. */
  readonly environment?: readonly string[];
  /** Uid that its processes have. @default root's */
  readonly user?: string;
  /** Folders that every user may write to. @default only /tmp */
  readonly writable?: readonly string[];
}

export type Files = Readonly<Record<string, string>>;

const BUSYBOX = "/bin/busybox";
const APPLETS = "sh ls cat cp mv mkdir sleep httpd hostname ip".split(" ");
/** Of Debian's package of CNI plugins, what kube-router's image brings. */
const CNI_PLUGINS = ["bridge", "portmap", "host-local", "loopback"];
/** Names of routing tables. */
export const ROUTE_TABLES = "/etc/iproute2/rt_tables";

/** @param release without a leading `v` */
export async function nodeImages(binaries: NodeBinaries, release: string): Promise<readonly Image[]> {
  // The release that is built here, without asking the network for the newest.
  const listed = await host([binaries.kubeadm, "config", "images", "list", "--kubernetes-version", release]);
  const names = listed.trim().split("\n");
  const images = [];
  for (const name of names) images.push(await kubernetesImage(name, binaries));
  return [...images, await kubeRouter(binaries), await toolbox()];
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
        files: {
          "/usr/local/bin/kube-proxy": binaries["kube-proxy"],
          ...busybox(),
          ...(await netfilter([])),
        },
        links: { ...applets(), ...iptables() },
      };
    // Of the release that its module is built from, whatever tag kubeadm asks for.
    case "coredns":
      return { name, files: { "/coredns": binaries.coredns }, entrypoint: ["/coredns"] };
    // Of pause it is only asked that it stays.
    default:
      return { name, files: busybox(), links: applets(), entrypoint: ["/bin/sleep", "2147483647"] };
  }
}

/** busybox's own client cannot look names up: it is linked statically. */
async function toolbox(): Promise<Image> {
  return { name: TOOLBOX, files: { ...busybox(), ...(await debian(["/usr/bin/curl"])) }, links: applets() };
}

/** The newest release that is published as a Go module, under the tag that the chart pins, which is not. */
async function kubeRouter(binaries: NodeBinaries): Promise<Image> {
  const { repository, tag } = KUBE_ROUTER_IMAGES.kubeRouter;
  const root = await rootFilesystem();
  const plugins = CNI_PLUGINS.map(
    (name) => [`/usr/libexec/cni/${name}`, join(root, "usr/lib/cni", name)] as const,
  );
  const { "/bin/ip": _itsOwn, ...shell } = applets();
  return {
    name: `${repository}:${tag}`,
    files: {
      "/usr/local/bin/kube-router": binaries["kube-router"],
      "/usr/local/bin/cni-install": join(__dirname, "kube-router/cni-install"),
      ...Object.fromEntries(plugins),
      [ROUTE_TABLES]: join(root, ROUTE_TABLES),
      ...busybox(),
      ...(await netfilter(["/usr/sbin/ipset", "/bin/ip"])),
    },
    links: { ...shell, ...iptables() },
    entrypoint: ["/usr/local/bin/kube-router"],
  };
}

export const busybox = (): Files => ({ [BUSYBOX]: "/bin/busybox" });
export const applets = (): Files => Object.fromEntries(APPLETS.map((name) => [`/bin/${name}`, "busybox"]));

/** Programs of the machines' own Debian that change a node's rules, and more of them. */
export async function netfilter(more: readonly string[]): Promise<Files> {
  const root = await rootFilesystem();
  const extensions = "/usr/lib/x86_64-linux-gnu/xtables";
  // Loaded when a rule asks for them, so the programs do not name what they need: `statistic` chooses among pods by libm.
  const loaded = readdirSync(join(root, extensions)).map((name) => join(extensions, name));
  const programs = ["/usr/sbin/xtables-nft-multi", "/usr/sbin/nft", "/usr/sbin/conntrack", ...more];
  return { ...(await debian(programs, loaded)), [extensions]: join(root, extensions) };
}

/** Programs of the machines' own Debian, with their libraries and those of what they load. */
export async function debian(programs: readonly string[], loaded: readonly string[] = []): Promise<Files> {
  const root = await rootFilesystem();
  const linked = await host(["chroot", root, "ldd", ...programs, ...loaded]);
  const libraries = [...linked.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].flatMap(([, path]) => path ?? []);
  return Object.fromEntries([...programs, ...libraries].map((path) => [path, join(root, path)]));
}

export function iptables(backend: "" | "-nft" = ""): Files {
  const names = ["iptables", "ip6tables"].flatMap((name) =>
    ["", "-save", "-restore"].map((end) => `${name}${backend}${end}`),
  );
  return Object.fromEntries(names.map((name) => [`/usr/sbin/${name}`, "xtables-nft-multi"]));
}
