/**
 * The executables of a Kubernetes control plane, built once from the Go modules that `go.mod` beside this file pins,
 * into `.tools/kubernetes/<version>/bin`.
 */
import { join } from "node:path";
import { type Executable, install, TOOLS_DIR } from "../../../tools/toolchain/executables";
import { buildGoTool, type GoTool, goToolVersion, type Log } from "../../../tools/toolchain/go-tool";

export const PROGRAMS = ["etcd", "kube-apiserver", "kube-controller-manager", "kubectl"] as const;
export type Program = (typeof PROGRAMS)[number];

/** Path of each executable. */
export type Binaries = Readonly<Record<Program, string>>;

/** The release that is built, without a leading `v`. */
export function kubernetesVersion(): string {
  return goToolVersion(goTool("kube-apiserver")).slice(1);
}

/**
 * Builds what is missing and returns the paths. The first call on a machine takes minutes (six on two free cores) and
 * reports each step; a later one reads four receipts.
 */
export async function kubernetesBinaries(log: Log): Promise<Binaries> {
  const toolsDir = join(TOOLS_DIR, "kubernetes", kubernetesVersion());
  const paths: [Program, string][] = [];
  for (const program of PROGRAMS)
    paths.push([program, await install(executable(program), { toolsDir, log })]);
  return Object.fromEntries(paths) as Binaries;
}

function executable(program: Program): Executable {
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

function goTool(program: Program): GoTool {
  const module = { name: program, moduleDir: __dirname };
  if (program === "etcd") {
    const path = "go.etcd.io/etcd/server/v3";
    return { ...module, packagePath: path, versionModule: path };
  }
  return {
    ...module,
    packagePath: `k8s.io/kubernetes/cmd/${program}`,
    versionModule: "k8s.io/kubernetes",
    versionVariable: "k8s.io/component-base/version.gitVersion",
  };
}
