/** The versions of Node.js that the tests run on beside the one of this machine, from the npm registry. */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { TOOLS_DIR } from "./executables";

const run = promisify(execFile);

/** Versions of npm's package `node`: the current LTS release, which the README recommends, and the newest one. */
export const NODE_VERSIONS = { lts: "24.21.0", newest: "26.10.0" } as const;

export interface InstallNodeOptions {
  /** Folder that holds `node/<version>/`. @default TOOLS_DIR */
  readonly toolsDir?: string;
  /** The command that installs a package. @default "npm" */
  readonly npm?: string;
}

/**
 * The path of Node.js at a version, which is installed first if need be.
 * @throws an error that names the version and what npm said.
 */
export async function installNode(version: string, options: InstallNodeOptions = {}): Promise<string> {
  const { toolsDir = TOOLS_DIR, npm = "npm" } = options;
  const folder = join(toolsDir, "node", version);
  const executable = join(folder, "node_modules/node/bin/node");
  if (await isVersion(executable, version)) return executable;
  await mkdir(folder, { recursive: true });
  const flags = ["--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  await run(npm, ["install", ...flags, `node@${version}`]).catch((error: unknown) => {
    throw new Error(`Node.js ${version} cannot be installed: ${String(error)}`);
  });
  if (await isVersion(executable, version)) return executable;
  throw new Error(
    `Node.js ${version} cannot be installed: npm left none, as with its setting ignore-scripts`,
  );
}

async function isVersion(executable: string, version: string): Promise<boolean> {
  try {
    return (await run(executable, ["--version"])).stdout.trim() === `v${version}`;
  } catch {
    return false;
  }
}
