/**
 * What `labstead plan prod` costs, in CPU time and cold, beside a program that loads its largest package and does
 * nothing, and what one more worker costs in a plan of many. Run: `node --import tsx bench/plan.bench.ts`. Exit code 1
 * when the command costs more than a second or more than ten times as much, or when a worker among 1,000 costs more than
 * half as much again as one among 200.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { environments } from "../catalog";
import type { EnvironmentConfig } from "../environment/config";
import { FindingsError } from "../environment/findings";
import { ENVIRONMENT_KEY } from "../environment/stack-file";
import { lab } from "../lab";
import { planFiles } from "../review/plan-files";
import { REPOSITORY } from "../tools/toolchain/executables";

const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });

/** Seconds of CPU for the command. */
const MOST_SECONDS = 1;
const ALLOWED_RATIO = 10;
const FEW_WORKERS = 200;
const MANY_WORKERS = 1_000;
const ALLOWED_GROWTH = 1.5;
/** The best of so many counts: what else the machine does only ever adds. */
const TRIES = 5;

/** Seconds of CPU that a Node program takes, its own children included. */
function cpu(args: readonly string[]): number {
  const script = ["-ec", 'node "$@" >/dev/null; times', "bash", ...args];
  const { stdout, status } = spawnSync("bash", script, { cwd: REPOSITORY, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")}: exit code ${String(status)}`);
  const [, ofChildren = ""] = stdout.split("\n");
  return [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

function best(args: readonly string[]): number {
  return Math.min(...Array.from({ length: TRIES }, () => cpu(args)));
}

/** Whether the command is as cheap as it has to be. */
function measureCommand(): boolean {
  const out = mkdtempSync(join(tmpdir(), "labstead-bench-"));
  try {
    const plan = best(["bin/labstead.js", "plan", "prod", "--out", out]);
    const bare = best(["-e", 'require("cdk8s-plus-27")']);
    console.log(`labstead plan prod: ${plan.toFixed(2)} s of CPU`);
    console.log(`loading cdk8s-plus-27 alone: ${bare.toFixed(2)} s, ratio ${(plan / bare).toFixed(1)}`);
    return plan <= MOST_SECONDS && plan <= bare * ALLOWED_RATIO;
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Whether a worker costs the same in a larger plan. */
function measureWorkers(): boolean {
  // What is not compiled yet would be dear at the smaller size only.
  planWorkers(FEW_WORKERS);
  const [few, many] = [FEW_WORKERS, MANY_WORKERS].map((count) => {
    const milliseconds = Math.min(...Array.from({ length: TRIES }, () => planWorkers(count)));
    console.log(`${String(count)} workers: ${(milliseconds / count).toFixed(2)} ms of CPU for each`);
    return milliseconds / count;
  });
  const growth = (many ?? NaN) / (few ?? NaN);
  console.log(`growth of the cost of a worker: ${growth.toFixed(2)}`);
  return growth <= ALLOWED_GROWTH;
}

/** Milliseconds of CPU for the plan and its files, nothing written. */
function planWorkers(count: number): number {
  const config = prodWithWorkers(count);
  const before = process.cpuUsage();
  planFiles(lab({ config }));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** prod with so many workers, and with networks that have room for them. */
function prodWithWorkers(count: number): EnvironmentConfig {
  const document = parseDocument(readFileSync(join(REPOSITORY, "Pulumi.prod.yaml"), "utf8"));
  const path = ["config", ENVIRONMENT_KEY];
  document.setIn([...path, "servers", "workers", "general", "min"], count);
  document.setIn([...path, "servers", "workers", "general", "max"], count);
  document.setIn([...path, "network", "cidr"], "10.40.0.0/16");
  document.setIn([...path, "cluster", "podCidr"], "10.128.0.0/12");
  document.deleteIn([...path, "quota"]);
  const { config } = stackFile.parse(document.toJS());
  const parsed = environments.parse("prod", config[ENVIRONMENT_KEY]);
  if (parsed.ok) return parsed.config;
  throw new FindingsError("prod", parsed.findings);
}

function main(): void {
  const results = [measureCommand(), measureWorkers()];
  if (results.includes(false)) process.exitCode = 1;
}

main();
