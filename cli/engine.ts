/** `labstead preview|up|destroy`: the official CLI on a real cloud, after the checks that it cannot make itself. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isOwner } from "../environment/config";
import { readEnvironment, stackFile } from "../environment/stack-file";
import { lab } from "../lab";
import { TOOLS_DIR } from "../tools/toolchain/executables";
import { UserError } from "./failure";
import { liveTenants, missingOwner, type StackSummary } from "./stacks";

export type Verb = "preview" | "up" | "destroy";

export async function runEngine(verb: Verb, stack: string, rest: readonly string[]): Promise<void> {
  const executable = pulumiExecutable();
  const { config } = lab(readEnvironment(stackFile(process.cwd(), stack))).plan;
  const stacks = listStacks(executable);
  if (verb === "up" && !isOwner(config))
    refuse(missingOwner(stack, config.cluster.owner, stacks, (owner) => `labstead up ${owner}`));
  if (verb === "destroy" && isOwner(config))
    refuse(liveTenants(config, stacks, (tenant) => `labstead destroy ${tenant}`));
  process.exitCode = await run(executable, [verb, "--stack", stack, ...rest]);
}

function refuse(reason: string | undefined): void {
  if (reason !== undefined) throw new UserError(reason);
}

/** The released CLI brings its language host along, so one on PATH comes first. */
function pulumiExecutable(): string {
  const own = join(TOOLS_DIR, "bin", "pulumi");
  return existsSync(own) ? own : "pulumi";
}

function listStacks(executable: string): readonly StackSummary[] {
  try {
    const text = execFileSync(executable, ["stack", "ls", "--json", "--non-interactive"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return JSON.parse(text) as readonly StackSummary[];
  } catch (error) {
    throw new UserError(
      `pulumi cannot list the stacks: ${firstLine(error)}; run: pulumi login (docs/real-cloud.md), or: labstead doctor`,
    );
  }
}

function firstLine(error: unknown): string {
  const stderr =
    typeof error === "object" && error !== null && "stderr" in error ? String(error.stderr) : String(error);
  return stderr.trim().split("\n")[0] ?? "";
}

function run(executable: string, args: readonly string[]): Promise<number> {
  const child = spawn(executable, args, { stdio: "inherit" });
  // Ctrl-C reaches pulumi by the terminal; it ends in its own time, and we with it.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", ignore);
      resolve(code ?? 1);
    });
  });
}
