/**
 * The executables of Kubernetes and its container runtime, built once from the Go modules that the `go.mod` files beside
 * this one pin, into `.tools/kubernetes/<version>/bin`.
 */
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
] as const;
export type Program = (typeof PROGRAMS)[number];
export type NodeProgram = (typeof NODE_PROGRAMS)[number];

/** Path of each executable. */
export type Binaries = Readonly<Record<Program, string>>;
export type NodeBinaries = Readonly<Record<Program | NodeProgram, string>>;

/** The release that is built, without a leading `v`. */
export function kubernetesVersion(): string {
  return goToolVersion(goTool("kube-apiserver")).slice(1);
}

/**
 * Builds what is missing and returns the paths. The first call on a machine takes minutes (six on two free cores) and
 * reports each step; a later one reads four receipts.
 */
export async function kubernetesBinaries(log: Log): Promise<Binaries> {
  return await installed(PROGRAMS, log);
}

/** The same, with what the machines of a cluster need: three minutes more the first time. */
export async function nodeBinaries(log: Log): Promise<NodeBinaries> {
  return await installed([...PROGRAMS, ...NODE_PROGRAMS], log);
}

/** One executable alone, such as kubeadm for its own check of files. */
export async function kubernetesBinary(program: Program | NodeProgram, log: Log): Promise<string> {
  return install(executable(program), { toolsDir: toolsDir(), log });
}

async function installed(
  programs: readonly (Program | NodeProgram)[],
  log: Log,
): Promise<Readonly<Record<string, string>>> {
  const paths: [string, string][] = [];
  for (const program of programs) paths.push([program, await kubernetesBinary(program, log)]);
  return Object.fromEntries(paths);
}

function toolsDir(): string {
  return join(TOOLS_DIR, "kubernetes", kubernetesVersion());
}

function executable(program: Program | NodeProgram): Executable {
  const tool = goTool(program);
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

function goTool(program: Program | NodeProgram): GoTool {
  const module = { name: program, moduleDir: __dirname };
  switch (program) {
    case "etcd": {
      const path = "go.etcd.io/etcd/server/v3";
      return { ...module, packagePath: path, versionModule: path };
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
    default:
      return {
        ...module,
        packagePath: `k8s.io/kubernetes/cmd/${program}`,
        versionModule: "k8s.io/kubernetes",
        versionVariable: "k8s.io/component-base/version.gitVersion",
      };
  }
}
