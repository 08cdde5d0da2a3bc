/**
 * The executables of Kubernetes and its container runtime, built once from the Go modules that the `go.mod` files beside
 * this one pin, into `.tools/kubernetes/<version>/bin`: the default release, and the one before it to upgrade from;
 * kubeadm of every release that the program renders for.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Executable, install, TOOLS_DIR } from "../../../tools/toolchain/executables";
import { buildGoTool, type GoTool, goToolVersion, type Log } from "../../../tools/toolchain/go-tool";

/** What a control plane on loopback needs. */
export const PROGRAMS = ["etcd", "kube-apiserver", "kube-controller-manager", "kubectl"] as const;
/** What machines need beside those: the kubelet and its runtime, and what runs in the cluster's own images. */
export const NODE_PROGRAMS = [
  "kubeadm",
  "kubelet",
  "kube-scheduler",
  "kube-proxy",
  "containerd",
  "containerd-shim-runc-v2",
  "ctr",
  "kube-router",
  "coredns",
] as const;
/** Modules of OpenStack's components and of CSI's sidecars, by program. */
const CLOUD_PACKAGES = {
  "openstack-cloud-controller-manager": "k8s.io/cloud-provider-openstack",
  "cinder-csi-plugin": "k8s.io/cloud-provider-openstack",
  "csi-attacher": "github.com/kubernetes-csi/external-attacher/v4",
  "csi-provisioner": "github.com/kubernetes-csi/external-provisioner/v5",
  "csi-resizer": "github.com/kubernetes-csi/external-resizer",
  "csi-snapshotter": "github.com/kubernetes-csi/external-snapshotter/v8",
  "snapshot-controller": "github.com/kubernetes-csi/external-snapshotter/v8",
} as const;
/** What connects a cluster with its OpenStack project. */
export type CloudProgram = keyof typeof CLOUD_PACKAGES;
export const CLOUD_PROGRAMS = Object.keys(CLOUD_PACKAGES) as readonly CloudProgram[];
const CALICO = "github.com/projectcalico/calico";
/** Packages of network plugins beside the nodes' own, by program. Calico's are 3.28.5, the newest published module. */
const NETWORK_PACKAGES = {
  flanneld: "github.com/flannel-io/flannel",
  "calico-node": `${CALICO}/node/cmd/calico-node`,
  "calico-cni": `${CALICO}/cni-plugin/cmd/calico`,
  "calico-install": `${CALICO}/cni-plugin/cmd/install`,
  "calico-kube-controllers": `${CALICO}/kube-controllers/cmd/kube-controllers`,
  "calico-check-status": `${CALICO}/kube-controllers/cmd/check-status`,
} as const;
/** What only tests of other network plugins need. */
export type NetworkProgram = keyof typeof NETWORK_PACKAGES;
/** What few tests need: also kubelets of nodes that do not exist, the ingress controller, and a reviewer of manifests. */
export type FurtherProgram = "kwok" | "traefik" | "kube-score" | CloudProgram | NetworkProgram;
export type Program = (typeof PROGRAMS)[number];
export type NodeProgram = (typeof NODE_PROGRAMS)[number];

/** What is a release's own on a machine; etcd, kubectl and the runtime are the default release's for both. */
export const RELEASE_PROGRAMS = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubeadm",
  "kubelet",
] as const;

/** Releases of which machines are built, by `cluster.version`. */
export type BuiltMinor = "1.35" | "1.36";
/** Releases of which kubeadm is built, to check files by it. */
export type KubeadmMinor = BuiltMinor | "1.25" | "1.37";
const DEFAULT: BuiltMinor = "1.36";
const MODULES: Readonly<Record<KubeadmMinor, string>> = {
  "1.25": join(__dirname, "v1.25"),
  "1.35": join(__dirname, "v1.35"),
  "1.36": __dirname,
  "1.37": join(__dirname, "v1.37"),
};

/** Path of each executable. */
export type Binaries = Readonly<Record<Program, string>>;
export type NodeBinaries = Readonly<Record<Program | NodeProgram, string>>;

/** The release that is built, without a leading `v`. */
export function kubernetesVersion(minor: KubeadmMinor = DEFAULT): string {
  return goToolVersion(goTool("kube-apiserver", minor)).slice(1);
}

/**
 * Builds what is missing and returns the paths. The first call on a machine takes minutes (five on two free cores) and
 * reports each step; a later one reads four receipts.
 */
export async function kubernetesBinaries(log: Log): Promise<Binaries> {
  return await installed(PROGRAMS, log);
}

/**
 * The same, with what the machines of a cluster need: two minutes more the first time. kube-router and CoreDNS are built
 * with Kubernetes' own libraries, in its module, so that these are compiled once.
 */
export async function nodeBinaries(log: Log): Promise<NodeBinaries> {
  return await installed([...PROGRAMS, ...NODE_PROGRAMS], log);
}

/** The same for machines of a release: for 1.35 four minutes more on two free cores, the first time. */
export async function nodeBinariesOf(minor: BuiltMinor, log: Log): Promise<NodeBinaries> {
  const binaries = await nodeBinaries(log);
  if (minor === DEFAULT) return binaries;
  const own: [string, string][] = [];
  for (const program of RELEASE_PROGRAMS) own.push([program, await kubernetesBinary(program, log, minor)]);
  return { ...binaries, ...Object.fromEntries(own) };
}

/** kubeadm of a release alone: two minutes more for each the first time, on two free cores. */
export async function kubeadmOf(minor: KubeadmMinor, log: Log): Promise<string> {
  return install(executable("kubeadm", minor), { toolsDir: toolsDir(minor), log });
}

/**
 * What connects a cluster with its OpenStack project. Built with Kubernetes' own libraries, in its module, so that these
 * are compiled once; the attacher is the release that is published as a module.
 */
export async function cloudBinaries(log: Log): Promise<Readonly<Record<CloudProgram, string>>> {
  const paths: [string, string][] = [];
  for (const program of CLOUD_PROGRAMS) paths.push([program, await kubernetesBinary(program, log)]);
  return Object.fromEntries(paths) as Record<CloudProgram, string>;
}

/** Where Go keeps the files of a module that the default release is built with; it is fetched if need be. */
export function moduleFolder(module: string): string {
  const args = ["mod", "download", "-json", module];
  const said = execFileSync("go", args, { cwd: MODULES[DEFAULT], encoding: "utf8" });
  return (JSON.parse(said) as { readonly Dir: string }).Dir;
}

/** One executable alone. */
export async function kubernetesBinary(
  program: Program | NodeProgram | FurtherProgram,
  log: Log,
  minor: BuiltMinor = DEFAULT,
): Promise<string> {
  return install(executable(program, minor), { toolsDir: toolsDir(minor), log });
}

async function installed(
  programs: readonly (Program | NodeProgram)[],
  log: Log,
): Promise<Readonly<Record<string, string>>> {
  const paths: [string, string][] = [];
  for (const program of programs) paths.push([program, await kubernetesBinary(program, log)]);
  return Object.fromEntries(paths);
}

function toolsDir(minor: KubeadmMinor): string {
  return join(TOOLS_DIR, "kubernetes", kubernetesVersion(minor));
}

function executable(program: Program | NodeProgram | FurtherProgram, minor: KubeadmMinor): Executable {
  const tool = goTool(program, minor);
  return {
    name: program,
    version: goToolVersion(tool),
    sources: [
      {
        name: "Go modules",
        provide: (target, log) => {
          log(`building ${program} ${goToolVersion(tool)}; the first time this takes minutes`);
          return buildGoTool(tool, target, log);
        },
      },
    ],
    help: "Install Go 1.26 or newer with access to a module proxy, and try again.",
  };
}

function goTool(program: Program | NodeProgram | FurtherProgram, minor: KubeadmMinor): GoTool {
  const module = { name: program, moduleDir: MODULES[minor] };
  switch (program) {
    case "etcd": {
      const path = "go.etcd.io/etcd/server/v3";
      return { ...module, packagePath: path, versionModule: path };
    }
    case "kwok": {
      const path = "sigs.k8s.io/kwok";
      return {
        name: program,
        moduleDir: join(__dirname, "kwok"),
        packagePath: `${path}/cmd/kwok`,
        versionModule: path,
      };
    }
    case "containerd":
    case "containerd-shim-runc-v2":
    case "ctr": {
      const path = "github.com/containerd/containerd/v2";
      return {
        name: program,
        moduleDir: join(__dirname, "containerd"),
        packagePath: `${path}/cmd/${program}`,
        versionModule: path,
        versionVariable: `${path}/version.Version`,
        // These snapshotters need C libraries; the machines use overlayfs.
        tags: ["no_btrfs", "no_zfs", "no_devmapper"],
      };
    }
    case "kube-router": {
      const path = "github.com/cloudnativelabs/kube-router/v2";
      return {
        ...module,
        packagePath: `${path}/cmd/kube-router`,
        versionModule: path,
        versionVariable: `${path}/pkg/version.Version`,
      };
    }
    case "traefik": {
      const path = "github.com/traefik/traefik/v3";
      return {
        name: program,
        moduleDir: join(__dirname, "traefik"),
        packagePath: `${path}/cmd/traefik`,
        versionModule: path,
        versionVariable: `${path}/pkg/version.Version`,
      };
    }
    case "kube-score": {
      const path = "github.com/zegl/kube-score";
      return {
        name: program,
        moduleDir: join(__dirname, "kube-score"),
        packagePath: `${path}/cmd/${program}`,
        versionModule: path,
      };
    }
    case "flanneld": {
      const path = NETWORK_PACKAGES[program];
      return {
        name: program,
        moduleDir: join(__dirname, "flannel"),
        packagePath: path,
        versionModule: path,
        versionVariable: `${path}/pkg/version.Version`,
        // Names and users are looked up by Go itself: glibc's look-ups need its shared libraries.
        tags: ["netgo", "osusergo"],
        // Of a backend that no plan has; on this architecture it cannot be left out.
        cgo: true,
      };
    }
    case "calico-node":
    case "calico-cni":
    case "calico-install":
    case "calico-kube-controllers":
    case "calico-check-status":
      return {
        name: program,
        moduleDir: join(__dirname, "calico"),
        packagePath: NETWORK_PACKAGES[program],
        versionModule: CALICO,
      };
    case "openstack-cloud-controller-manager":
    case "cinder-csi-plugin":
    case "csi-attacher":
    case "csi-provisioner":
    case "csi-resizer":
    case "csi-snapshotter":
    case "snapshot-controller": {
      const path = CLOUD_PACKAGES[program];
      return { ...module, packagePath: `${path}/cmd/${program}`, versionModule: path };
    }
    case "coredns":
      return { ...module, packagePath: "./coredns", versionModule: "github.com/coredns/coredns" };
    default:
      return {
        ...module,
        packagePath: `k8s.io/kubernetes/cmd/${program}`,
        versionModule: "k8s.io/kubernetes",
        versionVariable: "k8s.io/component-base/version.gitVersion",
      };
  }
}
