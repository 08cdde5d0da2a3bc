import type { Command } from "commander";

export function addCheck(program: Command): void {
  program
    .command("check")
    .description("print the findings of each stack; ends with 1 if there are errors")
    .argument("[stacks...]", "names of stacks; all that have a file by default")
    .option("--explain [id]", "say what a finding means, by its id in brackets; without one, list all")
    .action(async (stacks: string[], { explain }: { readonly explain?: string | true }) => {
      if (explain === undefined) (await import("./run")).runCheck(stacks);
      else (await import("./explain")).runExplain(stacks, explain === true ? undefined : explain);
    });
}
