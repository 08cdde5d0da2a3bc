import type { Command } from "commander";

interface PlanOptions {
  readonly file?: string;
  readonly out: string;
}

export function addPlan(program: Command): void {
  program
    .command("plan")
    .description("write what would be made to out/<stack>/: no engine, no cloud")
    .argument("[stack]", "name of the stack, read from Pulumi.<stack>.yaml", "prod")
    .option("-f, --file <path>", "read this stack file instead, such as examples/ska.yaml")
    .option(
      "-o, --out <folder>",
      "write <folder>/<stack>/ instead; of it only an earlier plan is deleted",
      "out",
    )
    .action(async (stack: string, options: PlanOptions) => {
      (await import("./run")).runPlan(stack, options);
    });
}
