import type { Command } from "commander";
import type { CostOptions } from "./run";

export function addCost(program: Command): void {
  program
    .command("cost")
    .description("print what stacks cost a month, by the prices of the configuration")
    .argument("[stacks...]", "names of stacks; all that have a file by default")
    .option("-f, --file <path>", "read this stack file instead")
    .option("--json", "print it as data")
    .action(async (stacks: string[], options: CostOptions) => {
      (await import("./run")).runCost(stacks, options);
    });
}
