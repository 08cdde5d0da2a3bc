import type { Command } from "commander";
import type { ClientConfigOptions } from "./run";

export function addClientConfig(program: Command): void {
  program
    .command("client-config")
    .description("write the files with which a person connects to out/clients/<stack>/<person>/")
    .argument("<person>", "as people of the configuration names it")
    .argument("[stack]", "name of the stack", "prod")
    .option("--rehearsed", "for the stack on the built-in cloud")
    .option("-o, --out <folder>", "where to write", "out")
    .action(async (person: string, stack: string, options: ClientConfigOptions) => {
      await (await import("./run")).runClientConfig(person, stack, options);
    });
}
