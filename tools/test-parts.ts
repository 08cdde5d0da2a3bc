/** The parts that the tests are run in, each with how it is run and why it may not be possible on this machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { countTests, type Counts, NO_TESTS } from "./test-counts";
import { REPOSITORY } from "./toolchain/executables";

/** Make targets; each counts as one test. */
const CHECKS = ["types", "lint"] as const;
/** Jest projects, whole or the core of them. */
const SUITES = [
  "unit",
  "engine",
  "lab",
  "machines",
  "state",
  "crash",
  "crash-core",
  "openstack",
  "openstack-core",
] as const;
export const PARTS = [...CHECKS, ...SUITES] as const;
type Check = (typeof CHECKS)[number];
type Suite = (typeof SUITES)[number];
export type Part = (typeof PARTS)[number];

/** How a part runs among others. */
export interface Running {
  /** Gives way to what runs beside it. */
  readonly nice: boolean;
  /** Takes each line of output; without it the output goes where that of this process goes. */
  readonly say?: (line: string) => void;
}

const RESULTS = join(REPOSITORY, "node_modules/.cache/labstead-tests");

const JEST_FLAGS: Readonly<Record<Suite, readonly string[]>> = {
  // Two workers keep a small machine responsive; more would wait for each other there.
  unit: ["--maxWorkers=2"],
  // Engines and services share ports, folders and memory.
  engine: ["--runInBand"],
  lab: ["--runInBand"],
  machines: ["--runInBand"],
  state: ["--runInBand"],
  crash: ["--runInBand"],
  "crash-core": ["--runInBand"],
  openstack: ["--runInBand"],
  // A life with its troubles, an example, a roll and kills; the other examples take as long again.
  "openstack-core": ["--runInBand", "--testPathPatterns", "openstack/(life|datalabs|rolling|crash)"],
};

const SETTINGS: Readonly<Partial<Record<Suite, NodeJS.ProcessEnv>>> = {
  // Each lab is killed once in up and once in destroy, not five times.
  "crash-core": { LABSTEAD_KILLS: "1" },
};

/** Seconds that Jest has to exit after it wrote its results. */
const EXIT_GRACE = 30;
/** Low enough that what runs beside keeps its times. */
const NICE = ["nice", "-n", "10"];

export function isPart(text: string): text is Part {
  return PARTS.some((part) => part === text);
}

/** Runs one part to its end, whatever comes of it. */
export function runPart(part: Part, running: Running): Promise<Counts> {
  return isCheck(part) ? runCheck(part, running) : runSuite(part, running);
}

function isCheck(part: Part): part is Check {
  return CHECKS.some((check) => check === part);
}

async function runCheck(check: Check, running: Running): Promise<Counts> {
  const code = await exitCode(start(["make", "--no-print-directory", check], running));
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runSuite(suite: Suite, running: Running): Promise<Counts> {
  const reason = await obstacle(suite, running);
  if (reason !== undefined) {
    (running.say ?? console.log)(`skipped: ${reason}`);
    return NO_TESTS;
  }
  mkdirSync(RESULTS, { recursive: true });
  const results = join(RESULTS, `${suite}.json`);
  rmSync(results, { force: true });
  const flags = ["--passWithNoTests", "--json", `--outputFile=${results}`, ...JEST_FLAGS[suite]];
  const argv = [process.execPath, require.resolve("jest/bin/jest"), "--selectProjects", projectOf(suite)];
  const code = await jest(start([...argv, ...flags], running, SETTINGS[suite]), results);
  return countTests(existsSync(results) ? readFileSync(results, "utf8") : undefined, code);
}

/** Why a suite cannot run here, if it cannot. */
async function obstacle(suite: Suite, running: Running): Promise<string | undefined> {
  const isOpenStack = projectOf(suite) === "openstack";
  if (suite !== "lab" && suite !== "machines" && !isOpenStack) return undefined;
  if (process.getuid?.() !== 0) return "it starts real services, which needs root";
  if (!existsSync("/etc/debian_version")) return "it installs real services by apt, which needs Debian";
  return isOpenStack ? withoutPackages(running) : undefined;
}

function projectOf(suite: Suite): string {
  return suite.replace(/-core$/, "");
}

/**
 * Installs OpenStack's packages; why they cannot be had, if so: that is what the script prints, and what it complains of
 * is shown. Services that do not start are a failure instead.
 */
async function withoutPackages({ nice }: Running): Promise<string | undefined> {
  const [command, ...args] = [...(nice ? NICE : []), "bash", "test/lab/openstack/install.sh"];
  const child = spawn(command, args, { cwd: REPOSITORY, stdio: ["ignore", "pipe", "inherit"] });
  let reason = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (reason += text));
  const code = await exitCode(child);
  return code === 0 ? undefined : `its packages cannot be installed: ${reason.trim()}`;
}

/**
 * Jest waits without end for what a test left open, so it is ended some time after it wrote its results, which counts as
 * a failure.
 */
async function jest(child: ChildProcess, results: string): Promise<number> {
  let written = 0;
  const watch = setInterval(() => {
    written += existsSync(results) ? 1 : 0;
    if (written > EXIT_GRACE) child.kill();
  }, 1_000);
  try {
    return await exitCode(child);
  } finally {
    clearInterval(watch);
  }
}

/** Jest's report goes to stderr, and its JSON, which stdout would have too, to a file. */
function start(
  argv: readonly string[],
  { nice, say }: Running,
  settings: NodeJS.ProcessEnv = {},
): ChildProcess {
  const [command = "", ...args] = nice ? [...NICE, ...argv] : argv;
  const out = argv.includes("--json") ? "ignore" : "inherit";
  const child = spawn(command, args, {
    cwd: REPOSITORY,
    env: { ...process.env, ...settings },
    stdio:
      say === undefined ? ["ignore", out, "inherit"] : ["ignore", out === "ignore" ? out : "pipe", "pipe"],
  });
  for (const stream of say === undefined ? [] : [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on("line", (line) => say?.(line));
  return child;
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
