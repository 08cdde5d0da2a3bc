import type { Command } from "commander";
import type { TunnelOptions } from "./run";

export function addTunnel(program: Command): void {
  program
    .command("tunnel")
    .description(
      "where access.operator is tunnel: reach the Kubernetes API through the bastion, until Ctrl-C",
    )
    .argument("[stack]", "name of the stack", "prod")
    .option("--as <person>", "log in as this person of people; else as the operator")
    .option("-i, --identity <file>", "private key; else what ssh takes")
    .action(async (stack: string, options: TunnelOptions) => {
      await (await import("./run")).runTunnel(stack, options);
    });
}
