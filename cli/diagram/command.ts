import type { Command } from "commander";

export function addDiagram(program: Command): void {
  program
    .command("diagram")
    .description("print a picture of the environment as a Mermaid flowchart")
    .argument("[stack]", "name of the stack", "prod")
    .option("-f, --file <path>", "read this stack file instead")
    .action(async (stack: string, options: { readonly file?: string }) => {
      (await import("./run")).runDiagram(stack, options);
    });
}
