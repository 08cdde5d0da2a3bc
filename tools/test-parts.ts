/** The parts that the tests are run in, each with how it is run and why it may not be possible on this machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { ACCEPTANCE_PATHS, acceptancePatterns, isAcceptanceFile } from "./acceptance-files";
import {
  checkFailed,
  filesToRunAgain,
  type FileResults,
  NO_TESTS,
  ofTwoRuns,
  readRun,
  requiredFailure,
  type Results,
  resultsOf,
  sumResults,
} from "./test-results";
import { REPOSITORY } from "./toolchain/executables";
import { installNode, NODE_VERSIONS } from "./toolchain/node-versions";

/** Make targets; each counts as one test. */
const CHECKS = ["types", "lint"] as const;
/** Jest projects, whole or the core of them. */
const SUITES = [
  "unit",
  "engine",
  "engine-core",
  "lab",
  "lab-core",
  "machines",
  "machines-core",
  "state",
  "crash",
  "crash-core",
  "openstack",
  "openstack-core",
  "bare",
] as const;
/** Suites on other versions of Node.js. */
const NODE_PART = "node-versions";
const NODE_SUITES = ["unit", "engine"] as const;
export const PARTS = [...CHECKS, ...SUITES, NODE_PART] as const;
type Check = (typeof CHECKS)[number];
type Suite = (typeof SUITES)[number];
export type Part = (typeof PARTS)[number];

/** How a part runs among others. */
export interface Running {
  /** Whether it runs with lower priority, beside other parts. */
  readonly nice: boolean;
  /** Takes each line of output; without it the output goes where that of this process goes. */
  readonly log?: (line: string) => void;
  /** Milliseconds since 1970, or Infinity: test files of slow suites that are not started by then are left out. */
  readonly startUntil: number;
  /** Another Node.js that Jest runs on. @default the one of this process */
  readonly node?: { readonly version: string; readonly executable: string };
}

const REPORTS = join(REPOSITORY, "node_modules/.cache/labstead-tests");

/** How Jest runs a suite. */
interface SuiteOptions {
  /** Two keep a small machine responsive; suites of engines and services, which share ports and memory, have one. */
  readonly workers: 1 | 2;
  /** A pattern of paths, where not all of the project's files are run. */
  readonly only?: string;
  readonly settings?: NodeJS.ProcessEnv;
}

const SUITE_OPTIONS: Readonly<Record<Suite, SuiteOptions>> = {
  unit: { workers: 2 },
  engine: { workers: 1 },
  // What a change of the program or of a chart breaks first; the whole takes a quarter of an hour.
  "engine-core": {
    workers: 1,
    only: "test/(golden|deploy|docs|rehearsal)/|stack/(tenant|component|existing-cluster)",
  },
  lab: { workers: 1, settings: { LABSTEAD_KILLS: "20" } },
  // Not the official Kubernetes plugin, whose build takes a quarter of an hour, nor a thousand users on simulated nodes,
  // nor rotation and dates by the `pulumi` command, which the engine's tests show without it; and two kills of each
  // kind. `make test-all` has all of it.
  "lab-core": {
    workers: 1,
    only: "^(?!.*/(lab/official/|lab/apply-set/ready|cli/rotate|cli/expiries))",
    settings: { LABSTEAD_KILLS: "2" },
  },
  machines: { workers: 1 },
  // One release of Kubernetes, not the upgrade from another, no network plugin but kube-router, and no hubs, whose images
  // and ingress controller take ten minutes to build; `make test-all` has all of it.
  "machines-core": {
    workers: 1,
    only: "test/(provider|platform)/|lab/(?!cluster/upgrade|day/|platform/(flannel|calico))",
    settings: { LABSTEAD_RELEASES: "1.36" },
  },
  state: { workers: 1 },
  crash: { workers: 1 },
  // Each lab is killed once in up and once in destroy, not five times.
  "crash-core": { workers: 1, settings: { LABSTEAD_KILLS: "1" } },
  openstack: { workers: 1 },
  // One environment with faults; the examples, rolls and kills take four times as long, and the cluster's own programs
  // there, whose build takes seven minutes, six more.
  "openstack-core": { workers: 1, only: "openstack/life" },
  // Each file of the others on a Debian that has nothing yet.
  bare: { workers: 1 },
};

/**
 * What starts services and machines waits for them by the clock, and a busy machine can be late: a file that failed
 * there is run once more, by itself. Pure tests have no such excuse, and no file whose set-up failed has: it would find
 * what the first run left on the machine. On a bare Debian there is no second run, since that is what is shown.
 */
const RUN_ONCE: readonly Suite[] = ["unit", "bare"];

/** Passes the time to tools/jest-slow.js after which no test file is started. */
const START_UNTIL = "LABSTEAD_START_UNTIL";
/** Passes the files that run first to tools/jest-sequencer.js. */
const FIRST_FILES = "LABSTEAD_FIRST_FILES";
/** Seconds that Jest has to exit after it wrote its results. */
const EXIT_GRACE = 30;
/** A third of what a program beside gets: low enough that services keep their times, and pure tests come to their end. */
const NICE = ["nice", "-n", "5"];

export function isPart(text: string): text is Part {
  return PARTS.some((part) => part === text);
}

/** Runs one part to its end, whatever comes of it, and says how long that took. */
export async function runPart(part: Part, running: Running): Promise<Results> {
  const started = Date.now();
  const results = await resultsOfPart(part, running);
  return { ...results, parts: [{ name: part, milliseconds: Date.now() - started }] };
}

function resultsOfPart(part: Part, running: Running): Promise<Results> {
  if (part === NODE_PART) return runNodeVersions(running);
  return isCheck(part) ? runCheck(part, running) : runSuite(part, running);
}

async function runNodeVersions(running: Running): Promise<Results> {
  let total = NO_TESTS;
  for (const version of Object.values(NODE_VERSIONS))
    total = sumResults(total, await runNode(version, running));
  return total;
}

async function runNode(version: string, running: Running): Promise<Results> {
  try {
    const node = { version, executable: await installNode(version) };
    let total = NO_TESTS;
    for (const suite of NODE_SUITES) total = sumResults(total, await runSuite(suite, { ...running, node }));
    return total;
  } catch (error) {
    return checkFailed(`Node.js ${version}`, error instanceof Error ? error.message : String(error));
  }
}

function isCheck(part: Part): part is Check {
  return CHECKS.some((check) => check === part);
}

/** A failed check is run once more: if it passes then, the machine was the cause, and the first failure is only listed. */
async function runCheck(check: Check, running: Running): Promise<Results> {
  const first = await runCheckOnce(check, running);
  if (first.failures.length === 0) return first;
  (running.log ?? console.log)(`once more: make ${check}`);
  return ofTwoRuns(first, await runCheckOnce(check, running));
}

async function runCheckOnce(check: Check, running: Running): Promise<Results> {
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
    (running.log ?? console.log)(line);
  };
  const code = await ended(start(["make", "--no-print-directory", check], { ...running, log }));
  if (code === 0) return { ...NO_TESTS, passed: 1 };
  return checkFailed(`make ${check}`, [...lines, `it ended with exit code ${String(code)}`].join("\n"));
}

async function runSuite(suite: Suite, running: Running): Promise<Results> {
  if (isLate(suite, running)) return lateSuite(suite, running);
  const reason = await obstacle(suite, running);
  if (reason !== undefined) return leftOutSuite(suite, reason, running);
  const { only } = SUITE_OPTIONS[suite];
  const files = await runJest(suite, only === undefined ? [] : ["--testPathPatterns", only], running);
  const failed = RUN_ONCE.includes(suite) ? [] : filesToRunAgain(files);
  if (failed.length === 0) return resultsOf(files);
  (running.log ?? console.log)(`once more, by themselves: ${failed.join(" ")}`);
  const again = { ...running, startUntil: Infinity };
  return resultsOf(files, await runJest(suite, ["--runTestsByPath", ...failed], again));
}

/** Files of an acceptance count as failed when the suite was left out for lack of time. */
function lateSuite(suite: Suite, running: Running): Results {
  const results = leftOutSuite(suite, "it was not started in time", running);
  const patterns = acceptancePatterns(projectOf(suite));
  return { ...results, failures: patterns.map((pattern) => requiredFailure(`${suite}: ${pattern}`)) };
}

function leftOutSuite(suite: Suite, reason: string, { log }: Running): Results {
  (log ?? console.log)(`left out: ${reason}`);
  return { ...NO_TESTS, leftOut: [`all of ${suite}: ${reason}`] };
}

/** Pure tests are never too late: they are what every change is held to. */
function isLate(suite: Suite, { startUntil }: Running): boolean {
  return suite !== "unit" && Date.now() > startUntil;
}

/** Runs those files of a suite that Jest's flags choose. */
async function runJest(
  suite: Suite,
  choice: readonly string[],
  running: Running,
): Promise<readonly FileResults[]> {
  mkdirSync(REPORTS, { recursive: true });
  const report = join(REPORTS, `${suite}-${String(process.pid)}.json`);
  const { workers, settings } = SUITE_OPTIONS[suite];
  const argv = [
    ...[
      running.node?.executable ?? process.execPath,
      require.resolve("jest/bin/jest"),
      "--selectProjects",
      projectOf(suite),
    ],
    ...["--passWithNoTests", "--json", `--outputFile=${report}`],
    `--testSequencer=${join(REPOSITORY, "tools/jest-sequencer.js")}`,
    ...[workers === 1 ? "--runInBand" : `--maxWorkers=${String(workers)}`, ...choice],
  ];
  const env = {
    ...settings,
    ...(running.node && { PATH: pathWith(running.node.executable) }),
    [START_UNTIL]: String(running.startUntil),
    [FIRST_FILES]: ACCEPTANCE_PATHS.source,
  };
  const exitCode = await jest(start(argv, running, env), report);
  const json = existsSync(report) ? readFileSync(report, "utf8") : undefined;
  rmSync(report, { force: true });
  // Without a time limit, a file is left out for its own reasons only: a program that this machine cannot have.
  const isRequired = running.startUntil === Infinity ? undefined : isAcceptanceFile;
  const part = running.node === undefined ? suite : `${suite} on Node.js ${running.node.version}`;
  return readRun({ part, json, exitCode, root: REPOSITORY, ...(isRequired && { isRequired }) });
}

/** Programs that tests start by name are run by the same Node.js: its folder holds nothing else. */
function pathWith(node: string): string {
  return [dirname(node), process.env["PATH"]].join(delimiter);
}

/** Why a suite cannot run here, if it cannot. */
async function obstacle(suite: Suite, running: Running): Promise<string | undefined> {
  const project = projectOf(suite);
  if (!["lab", "machines", "openstack", "bare"].includes(project)) return undefined;
  if (process.getuid?.() !== 0) return "it starts real services, which needs root";
  if (!existsSync("/etc/debian_version")) return "it installs real services by apt, which needs Debian";
  return project === "openstack" ? withoutPackages(running) : undefined;
}

function projectOf(suite: Suite): string {
  return suite.replace(/-core$/, "");
}

/**
 * Installs OpenStack's packages; why they cannot be had, if so: that is what the script prints, and what it complains of
 * is shown. Services that do not start are a failure instead.
 */
async function withoutPackages({ nice }: Running): Promise<string | undefined> {
  const node = [process.execPath, "--import", "tsx", "test/lab/openstack/install.ts"];
  const [command = "", ...args] = [...(nice ? NICE : []), ...node];
  const child = spawn(command, args, { cwd: REPOSITORY, stdio: ["ignore", "pipe", "inherit"] });
  let reason = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (reason += text));
  const code = await ended(child);
  return code === 0 ? undefined : `its packages cannot be installed: ${reason.trim()}`;
}

/**
 * Jest waits without end for what a test left open, so it is ended some time after it wrote its results, which counts as
 * a failure.
 */
async function jest(child: ChildProcess, report: string): Promise<number> {
  let written = 0;
  const watch = setInterval(() => {
    written += existsSync(report) ? 1 : 0;
    if (written > EXIT_GRACE) child.kill();
  }, 1_000);
  try {
    return await ended(child);
  } finally {
    clearInterval(watch);
  }
}

/** Jest's report goes to stderr, and its JSON, which stdout would have too, to a file. */
function start(
  argv: readonly string[],
  { nice, log }: Running,
  settings: NodeJS.ProcessEnv = {},
): ChildProcess {
  const [command = "", ...args] = nice ? [...NICE, ...argv] : argv;
  const out = argv.includes("--json") ? "ignore" : "inherit";
  const child = spawn(command, args, {
    cwd: REPOSITORY,
    env: { ...process.env, ...settings },
    stdio:
      log === undefined ? ["ignore", out, "inherit"] : ["ignore", out === "ignore" ? out : "pipe", "pipe"],
  });
  for (const stream of log === undefined ? [] : [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on("line", (line) => log?.(line));
  return child;
}

/** The exit code, once all output was read. */
function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
