import type { Command } from "commander";
import type { Verb, VerbOptions } from "./run";

/** `preview`, `up` and `destroy`. */
export function addEngineCommands(program: Command): void {
  addVerb(program, "preview");
  addVerb(program, "up");
  addVerb(program, "destroy")
    .option("--with-data", "what is protected too: volumes, addresses, authorities")
    .option("--without-cluster", "the cluster is gone for good: remove its objects from the state only");
}

function addVerb(program: Command, verb: Verb): Command {
  return program
    .command(verb)
    .description(`pulumi ${verb} on a real cloud, after the checks`)
    .argument("<stack>")
    .argument("[arguments...]", "passed on to pulumi, after --")
    .action(async (stack: string, rest: string[], options: VerbOptions) => {
      await (await import("./run")).runEngine(verb, stack, rest, options);
    });
}
