import type { Command } from "commander";
import { collected } from "../shared/options";
import type { RecoverOptions } from "./run";

export function addRecover(program: Command): void {
  program
    .command("recover")
    .description("put a stack in order whose run was killed: its lock, and what was being made")
    .argument("<stack>")
    .option("--up", "go on with up")
    .option("--take <name=id>", "this is what was being made", collected)
    .option("--drop <name>", "this was not made", collected)
    .action(async (stack: string, options: RecoverOptions) => {
      await (await import("./run")).runRecover(stack, options);
    });
}
