import type { Command } from "commander";
import type { OutputsOptions } from "../shared/stack-outputs";

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description(
      "say what is installed, reachable and missing, with the fix; of a stack, what ends in it and when",
    )
    .argument("[stack]", "name of a stack that is up")
    .option("--rehearsed", "the stack on the built-in cloud")
    .action(async (stack: string | undefined, options: OutputsOptions) => {
      if (stack === undefined) await (await import("./run")).runDoctor();
      else await (await import("../expiries/run")).runExpiries(stack, options);
    });
}
