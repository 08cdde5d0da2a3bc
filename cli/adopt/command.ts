import type { Command } from "commander";
import { collected } from "../shared/options";
import type { AdoptOptions } from "./options";

export function addAdopt(program: Command): void {
  program
    .command("adopt")
    .description(
      "infer the environment of a lab that exists, and import it; changes nothing in cloud or cluster",
    )
    .argument("<stack>")
    .option("--role <server=role>", "the role of servers by name, * is any text (repeatable)", collected)
    .option("--network <name>", "the network, if servers are in several")
    .option("--domain <domain>", "the domain of the lab")
    .option("--write", "write Pulumi.<stack>.yaml and adopted.<stack>.json")
    .option("--import", "add what these files name to the state of the stack")
    .option("--cluster <kubeconfig>", "infer the environment of applications on an existing cluster instead")
    .option("--json", "print it as data")
    .action(async (stack: string, options: AdoptOptions) => {
      await (await import("./run")).runAdopt(stack, options);
    });
}
