/** JupyterHub from PyPI, in a virtual environment for each release, and its proxy from npm: installed once, in `.tools/`. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { TOOLS_DIR } from "../../../tools/toolchain/executables";
import { loads, runs } from "../host/programs";

runs("python3");
loads("python3-venv");

export const HUB_VERSIONS = ["5.5", "6.1"] as const;
export type HubVersion = (typeof HUB_VERSIONS)[number];

/** The Python that has this release of JupyterHub, with KubeSpawner, the culler and all authenticators. */
export function hubPython(version: HubVersion): string {
  return join(environment(`jupyterhub-${version}`, [`requirements-${version}.txt`]), "bin/python");
}

/** Folder of the environment that has JupyterHub 5.5 and JupyterLab: for a hub's pods, and for servers of its people. */
export function notebookEnvironment(): string {
  return environment("jupyterlab", ["requirements-5.5.txt", "requirements-notebook.txt"]);
}

/** @param files of this folder with the pins */
function environment(name: string, files: readonly string[]): string {
  const pins = files.map((file) => join(__dirname, file));
  return installed(name, pins, (target) => {
    run("python3", ["-m", "venv", target]);
    const requirements = pins.flatMap((file) => ["--requirement", file]);
    run(join(target, "bin/python"), ["-m", "pip", "install", "--quiet", "--no-compile", ...requirements]);
  });
}

/** Folder of the proxy's packages for Node.js: its `node_modules` is in it. */
export function proxyFolder(): string {
  const source = join(__dirname, "proxy");
  return installed("configurable-http-proxy", [join(source, "package-lock.json")], (target) => {
    for (const file of ["package.json", "package-lock.json"])
      writeFileSync(join(target, file), readFileSync(join(source, file)));
    run("npm", ["ci", "--no-audit", "--no-fund"], target);
  });
}

/** The proxy's program, for Node.js. */
export function proxyProgram(): string {
  return join(proxyFolder(), "node_modules/configurable-http-proxy/bin/configurable-http-proxy");
}

/** A folder of this content, written again when the content or an earlier run did not get to its end. */
function installed(name: string, pins: readonly string[], make: (target: string) => void): string {
  const hash = createHash("sha256");
  for (const file of pins) hash.update(readFileSync(file));
  const digest = hash.digest("hex").slice(0, 12);
  const target = join(TOOLS_DIR, "hub", `${name}-${digest}`);
  const receipt = `${target}.receipt`;
  if (existsSync(receipt)) return target;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  make(target);
  writeFileSync(receipt, "");
  return target;
}

/** @throws Error with what the program said */
function run(program: string, args: readonly string[], cwd?: string): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd });
  if (status === 0) return;
  throw new Error(
    `${program} ${args.join(" ")}: ${error?.message ?? `${stdout}${stderr}`.trim().slice(-2000)}`,
  );
}
