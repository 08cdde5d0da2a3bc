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
  const requirements = join(__dirname, `requirements-${version}.txt`);
  const folder = installed(`jupyterhub-${version}`, requirements, (target) => {
    run("python3", ["-m", "venv", target]);
    run(join(target, "bin/python"), [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-compile",
      "--requirement",
      requirements,
    ]);
  });
  return join(folder, "bin/python");
}

/** The proxy's program, for Node.js. */
export function proxyProgram(): string {
  const source = join(__dirname, "proxy");
  const folder = installed("configurable-http-proxy", join(source, "package-lock.json"), (target) => {
    for (const file of ["package.json", "package-lock.json"])
      writeFileSync(join(target, file), readFileSync(join(source, file)));
    run("npm", ["ci", "--no-audit", "--no-fund"], target);
  });
  return join(folder, "node_modules/configurable-http-proxy/bin/configurable-http-proxy");
}

/** A folder of this content, written again when the content or an earlier run did not get to its end. */
function installed(name: string, pins: string, make: (target: string) => void): string {
  const digest = createHash("sha256").update(readFileSync(pins)).digest("hex").slice(0, 12);
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
