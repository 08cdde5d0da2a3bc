import type { Command } from "commander";
import type { FenceOptions } from "./run";

export function addFence(program: Command): void {
  program
    .command("fence")
    .description("free pods and volumes of a node whose server is off, so that they start on others")
    .argument("<stack>")
    .argument("<server>", "a worker, such as workers.general/1")
    .option("--stop", "stop the server in OpenStack first, if it runs")
    .option("--lift", "the server runs again: take pods as before")
    .option("--wait <seconds>", "how long to wait for pods and volumes", "300")
    .action(async (stack: string, server: string, options: FenceOptions) => {
      await (await import("./run")).runFence(stack, server, options);
    });
}
