import type { Command } from "commander";

interface CheckOptions {
  readonly explain?: string | true;
  readonly cloud?: true;
}

export function addCheck(program: Command): void {
  program
    .command("check")
    .description("print the findings of each stack; ends with 1 if there are errors")
    .argument("[stacks...]", "names of stacks; all that have a file by default")
    .option("--explain [id]", "say what a finding means, by its id in brackets; without one, list all")
    .option("--cloud", "also compare flavors, images, networks, zones and quota with the cloud of OS_CLOUD")
    .action(async (stacks: string[], { explain, cloud }: CheckOptions) => {
      if (explain === undefined) await (await import("./run")).runCheck(stacks, cloud === true);
      else (await import("./explain")).runExplain(stacks, explain === true ? undefined : explain);
    });
}
