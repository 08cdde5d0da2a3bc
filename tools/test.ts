/**
 * `node --import tsx tools/test.ts <part>…`: runs the named parts one after the other, whatever the ones before said,
 * and closes with one line over all of them, `N passed, N failed`. `types` and `lint` are make targets and count as
 * one each; the others are Jest projects. A part that cannot run on this machine is left out, and says why.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { closingLine, countTests, type Counts, NO_TESTS, sumCounts } from "./test-counts";
import { REPOSITORY } from "./toolchain/executables";

const CHECKS = ["types", "lint"] as const;
const SUITES = [
  "unit",
  "engine",
  "lab",
  "machines",
  "machines-core",
  "state",
  "crash",
  "crash-core",
  "openstack",
  "openstack-core",
] as const;
type Check = (typeof CHECKS)[number];
type Suite = (typeof SUITES)[number];

const RESULTS = join(REPOSITORY, "node_modules/.cache/labstead-tests");

const JEST_FLAGS: Readonly<Record<Suite, readonly string[]>> = {
  // Two workers keep a small machine responsive; more would wait for each other there.
  unit: ["--maxWorkers=2"],
  // Engines and services share ports, folders and memory.
  engine: ["--runInBand"],
  lab: ["--runInBand"],
  machines: ["--runInBand"],
  // Without the upgrade: it builds a second release, and a worker that loses its power can take a request along.
  "machines-core": ["--runInBand", "--testPathPatterns", "^(?!.*cluster/upgrade)"],
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

/** Why a suite cannot run here, if it cannot. */
function obstacle(suite: Suite): string | undefined {
  const isOpenStack = projectOf(suite) === "openstack";
  if (suite !== "lab" && projectOf(suite) !== "machines" && !isOpenStack) return undefined;
  if (process.getuid?.() !== 0) return "it starts real services, which needs root";
  if (!existsSync("/etc/debian_version")) return "it installs real services by apt, which needs Debian";
  return isOpenStack ? withoutPackages() : undefined;
}

function projectOf(suite: Suite): string {
  return suite.replace(/-core$/, "");
}

/** Installs OpenStack's packages; why they cannot be had, if so. Services that do not start are a failure instead. */
function withoutPackages(): string | undefined {
  const script = join(REPOSITORY, "test/lab/openstack/install.sh");
  const { status, stdout } = spawnSync("bash", [script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return status === 0 ? undefined : `its packages cannot be installed: ${stdout.trim()}`;
}

function isCheck(text: string): text is Check {
  return CHECKS.some((check) => check === text);
}

function isSuite(text: string): text is Suite {
  return SUITES.some((suite) => suite === text);
}

function runCheck(check: Check): Counts {
  console.log(`\n${check}`);
  const make = spawnSync("make", ["--no-print-directory", check], { cwd: REPOSITORY, stdio: "inherit" });
  return make.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runSuite(suite: Suite): Promise<Counts> {
  const reason = obstacle(suite);
  if (reason !== undefined) {
    console.log(`\n${suite}: skipped: ${reason}`);
    return NO_TESTS;
  }
  console.log(`\n${suite}`);
  const results = join(RESULTS, `${suite}.json`);
  rmSync(results, { force: true });
  const flags = ["--passWithNoTests", "--json", `--outputFile=${results}`, ...JEST_FLAGS[suite]];
  const code = await jest(["--selectProjects", projectOf(suite), ...flags], results, SETTINGS[suite]);
  return countTests(existsSync(results) ? readFileSync(results, "utf8") : undefined, code);
}

/**
 * Jest's report goes to stderr; its JSON goes to the file. Jest waits without end for what a test left open, so it is
 * ended some time after it wrote its results, which counts as a failure.
 */
function jest(args: readonly string[], results: string, settings: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, [require.resolve("jest/bin/jest"), ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let written = 0;
  const watch = setInterval(() => {
    written += existsSync(results) ? 1 : 0;
    if (written > EXIT_GRACE) child.kill();
  }, 1_000);
  return new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code ?? 1);
    });
  }).finally(() => {
    clearInterval(watch);
  });
}

async function main(): Promise<void> {
  const parts = process.argv.slice(2);
  const known = parts.every((part) => isCheck(part) || isSuite(part));
  if (!known) throw new Error(`parts: ${[...CHECKS, ...SUITES].join(", ")}`);
  mkdirSync(RESULTS, { recursive: true });
  let total = NO_TESTS;
  for (const part of parts) {
    if (isCheck(part)) total = sumCounts(total, runCheck(part));
    if (isSuite(part)) total = sumCounts(total, await runSuite(part));
  }
  console.log(`\n${closingLine(total)}`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
