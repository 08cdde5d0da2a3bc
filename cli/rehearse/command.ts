import type { Command } from "commander";
import { collected } from "../shared/options";
import type { RehearsalOptions } from "./run";

export function addRehearse(program: Command): void {
  program
    .command("rehearse")
    .description("bring stacks up on the built-in cloud, through the real Pulumi engine")
    .argument("[stacks...]", "in this order; an owner before its tenants", ["prod", "test"])
    .option("--preview", "only show what would change")
    .option("--refresh", "read what is there into the state")
    .option("--destroy", "take everything down, tenants first; stops at what is protected")
    .option("--with-data", "with --destroy: what is protected too")
    .option("--recover", "put stacks in order whose run was killed")
    .option("--up", "with --recover: bring them up then")
    .option("--take <name=id>", "with --recover: this is what was being made", collected)
    .option("--drop <name>", "with --recover: this was not made", collected)
    .option("--latency <milliseconds>", "what each operation takes, as on a real cloud", Number)
    .option("--faults <file>", "failures on purpose, as rehearsal/faults.ts describes them, in JSON")
    .action(async (stacks: string[], options: RehearsalOptions) => {
      await (await import("./run")).runRehearsal(stacks, options);
    });
}
