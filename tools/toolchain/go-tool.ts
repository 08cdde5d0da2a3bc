/**
 * Builds an executable from its Go modules. The module (`go.mod`, `go.sum`) is committed under `tools/<name>/`, so
 * the build is pinned and verified; Go keeps its own caches, so only the first build on a machine takes minutes.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

export type Log = (line: string) => void;

export interface GoTool {
  /** Name of the executable. */
  readonly name: string;
  /** Folder of the committed `go.mod`. */
  readonly moduleDir: string;
  /** Package that is built. */
  readonly packagePath: string;
  /** Module whose version in `go.mod` is the tool's version. */
  readonly versionModule: string;
  /** Go variable that is set to the version, with its package: `example.org/pkg.Version`. */
  readonly versionVariable?: string;
  /** Build tags, such as those that leave out what needs a C library. @default none */
  readonly tags?: readonly string[];
  /** Whether it has C code of its own, which is linked statically: gcc has to be there. @default false */
  readonly cgo?: boolean;
}

/** The version of a tool as its `go.mod` requires it, with the leading `v`: `v1.2.3`. */
export function goToolVersion(tool: GoTool): string {
  const file = join(tool.moduleDir, "go.mod");
  const lines = readFileSync(file, "utf8").split("\n");
  const words = lines.map((line) =>
    line
      .replace(/^require /, "")
      .trim()
      .split(/\s+/),
  );
  const version = words.find(([module]) => module === tool.versionModule)?.[1];
  if (version === undefined) throw new Error(`${file} does not require ${tool.versionModule}`);
  return version;
}

/** Milliseconds between two lines of progress. */
const PROGRESS_INTERVAL = 15_000;

/** Lines of Go's own output that an error repeats. */
const ERROR_LINES = 12;

/**
 * Builds the tool into `target`, atomically: an interrupted build leaves nothing there.
 * @throws an error with the last lines of Go's output.
 */
export async function buildGoTool(tool: GoTool, target: string, log: Log): Promise<void> {
  const go = spawnSync("go", ["version"], { encoding: "utf8" });
  if (go.status !== 0) throw new Error("go is not on PATH");
  const started = Date.now();
  const packages = await goPackages(tool, log);
  mkdirSync(dirname(target), { recursive: true });
  const partial = `${target}.${String(process.pid)}.part`;
  try {
    await compile(tool, partial, packages, log);
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
  log(`built ${tool.name} ${goToolVersion(tool)} in ${seconds(started)}`);
}

/** Fetches the modules and counts the packages to compile, which makes the progress of the build tellable. */
async function goPackages(tool: GoTool, log: Log): Promise<number> {
  let fetched = 0;
  const started = Date.now();
  const ticker = setInterval(() => {
    log(`fetching Go modules: ${String(fetched)} (${seconds(started)})`);
  }, PROGRESS_INTERVAL);
  try {
    const packages = await runGo(tool, ["list", ...tagFlags(tool), "-deps", tool.packagePath], () => {
      fetched += 1;
    });
    return packages.stdout.split("\n").length - 1;
  } finally {
    clearInterval(ticker);
  }
}

async function compile(tool: GoTool, target: string, packages: number, log: Log): Promise<void> {
  const version =
    tool.versionVariable === undefined ? "" : ` -X ${tool.versionVariable}=${goToolVersion(tool)}`;
  let compiled = 0;
  const started = Date.now();
  const ticker = setInterval(() => {
    log(
      `compiling ${tool.name}: ${String(compiled)} of at most ${String(packages)} packages (${seconds(started)})`,
    );
  }, PROGRESS_INTERVAL);
  try {
    // -s -w and -trimpath: no symbols, no debug data, no paths of the building machine in the executable.
    const linking = tool.cgo === true ? ` -linkmode external -extldflags "-static"` : "";
    const flags = ["-trimpath", "-v", "-ldflags", `-s -w${version}${linking}`, "-o", target];
    await runGo(tool, ["build", ...flags, ...tagFlags(tool), tool.packagePath], () => {
      compiled += 1;
    });
  } finally {
    clearInterval(ticker);
  }
}

function tagFlags({ tags = [] }: GoTool): readonly string[] {
  return tags.length === 0 ? [] : ["-tags", tags.join(",")];
}

/** Runs Go in the tool's module. `onLine` is called for each line on stderr, where Go reports what it does. */
async function runGo(
  tool: GoTool,
  args: readonly string[],
  onLine: () => void,
): Promise<{ readonly stdout: string }> {
  // Without cgo no C compiler is needed and the executable runs on any libc, as the released ones do.
  const env = { ...process.env, CGO_ENABLED: tool.cgo === true ? "1" : "0" };
  const child = spawn("go", args, { cwd: tool.moduleDir, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (let lines = text.split("\n").length - 1; lines > 0; lines -= 1) onLine();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return { stdout };
  const last = stderr.trim().split("\n").slice(-ERROR_LINES).join("\n  ");
  throw new Error(`go ${args[0] ?? ""} failed:\n  ${last}`);
}

function seconds(since: number): string {
  return `${String(Math.round((Date.now() - since) / 1000))} s`;
}
