import type { Command } from "commander";
import type { ReportOptions } from "./run";

export function addReport(program: Command): void {
  program
    .command("report")
    .description("write one HTML page with everything of an environment: no engine, no cloud")
    .argument("[stack]", "name of the stack, read from Pulumi.<stack>.yaml", "prod")
    .option("-f, --file <path>", "read this stack file instead, such as examples/ska.yaml")
    .option("-o, --out <file>", "write this file instead of out/<stack>.html")
    .option("--against <ref>", "mark what differs from a branch, tag or commit")
    .action(async (stack: string, options: ReportOptions) => {
      (await import("./run")).runReport(stack, options);
    });
}
