/**
 * What `labstead plan prod` costs, in CPU time and cold, beside a program that loads its largest package and does
 * nothing. Run: `node --import tsx bench/plan.bench.ts`. Exit code 1 when it costs more than ten times as much.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../tools/toolchain/executables";

const ALLOWED = 10;
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

function main(): void {
  const out = mkdtempSync(join(tmpdir(), "labstead-bench-"));
  try {
    const plan = best(["bin/labstead.js", "plan", "prod", "--out", out]);
    const bare = best(["-e", 'require("cdk8s-plus-27")']);
    console.log(`labstead plan prod: ${plan.toFixed(2)} s of CPU`);
    console.log(`loading cdk8s-plus-27 alone: ${bare.toFixed(2)} s, ratio ${(plan / bare).toFixed(1)}`);
    if (plan > bare * ALLOWED) process.exitCode = 1;
  } finally {
    rmSync(out, { recursive: true });
  }
}

main();
