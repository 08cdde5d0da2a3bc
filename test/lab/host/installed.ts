/** Packages of other languages that tests use: installed once, into `.tools/`, for each content of their pins. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TOOLS_DIR } from "../../../tools/toolchain/executables";
import { loads, runs } from "./programs";

runs("python3");
loads("python3-venv");

/**
 * Folder of a virtual environment of Python.
 * @param name of the folder below `.tools/`, such as `hub/jupyterlab`
 * @param pins files of requirements, with a version for each package
 */
export function pythonEnvironment(name: string, pins: readonly string[]): string {
  return installed(name, pins, (target) => {
    runOnce("python3", ["-m", "venv", target]);
    const requirements = pins.flatMap((file) => ["--requirement", file]);
    runOnce(join(target, "bin/python"), ["-m", "pip", "install", "--quiet", "--no-compile", ...requirements]);
  });
}

/** A folder of this content, written again when the content or an earlier run did not get to its end. */
export function installed(name: string, pins: readonly string[], make: (target: string) => void): string {
  const hash = createHash("sha256");
  for (const file of pins) hash.update(readFileSync(file));
  const digest = hash.digest("hex").slice(0, 12);
  const target = join(TOOLS_DIR, `${name}-${digest}`);
  const receipt = `${target}.receipt`;
  if (existsSync(receipt)) return target;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  make(target);
  writeFileSync(receipt, "");
  return target;
}

/** @throws Error with what the program printed */
export function runOnce(program: string, args: readonly string[], cwd?: string): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd });
  if (status === 0) return;
  throw new Error(
    `${program} ${args.join(" ")}: ${error?.message ?? `${stdout}${stderr}`.trim().slice(-2000)}`,
  );
}
