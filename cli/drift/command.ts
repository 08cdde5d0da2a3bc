import type { Command } from "commander";
import type { DriftOptions } from "./run";

export function addDrift(program: Command): void {
  program
    .command("drift")
    .description("compare a stack with OpenStack and Kubernetes: what was changed, deleted or added by hand")
    .argument("<stack>")
    .option("--json", "print it as data")
    .action(async (stack: string, options: DriftOptions) => {
      await (await import("./run")).runDrift(stack, options);
    });
}
