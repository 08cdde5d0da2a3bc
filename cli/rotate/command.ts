import type { Command } from "commander";

export function addRotate(program: Command): void {
  program
    .command("rotate")
    .description("replace a credential or secret by a new one; without one, list them and what that does")
    .argument("<stack>")
    .argument("[what]")
    .argument("[arguments...]", "passed on to pulumi up, after --")
    .action(async (stack: string, what: string | undefined, rest: string[]) => {
      await (await import("./run")).runRotate(stack, what, rest);
    });
}
