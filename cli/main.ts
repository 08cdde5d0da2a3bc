/** The `labstead` command. Each verb loads what it needs, so that a plan does not wait for an engine. */
import { Command } from "commander";
import { reportFailure } from "./failure";
import type { RehearsalOptions } from "./rehearse";

interface PlanOptions {
  readonly file?: string;
  readonly out: string;
}

const program = new Command("labstead").description(
  "Research data labs on OpenStack, as one typed Pulumi and CDK8s program.",
);

program
  .command("plan")
  .description("write what would be made to out/<stack>/: no engine, no cloud")
  .argument("[stack]", "name of the stack, read from Pulumi.<stack>.yaml", "prod")
  .option("-f, --file <path>", "read this stack file instead, such as examples/ska.yaml")
  .option("-o, --out <folder>", "where to write", "out")
  .action(async (stack: string, options: PlanOptions) => {
    (await import("./plan")).runPlan(stack, options);
  });

program
  .command("check")
  .description("print the findings of each stack; ends with 1 if there are errors")
  .argument("[stacks...]", "names of stacks; all that have a file by default")
  .action(async (stacks: string[]) => {
    (await import("./check")).runCheck(stacks);
  });

program
  .command("diagram")
  .description("print a picture of the environment as a Mermaid flowchart")
  .argument("[stack]", "name of the stack", "prod")
  .option("-f, --file <path>", "read this stack file instead")
  .action(async (stack: string, options: { readonly file?: string }) => {
    (await import("./plan")).runDiagram(stack, options);
  });

program
  .command("doctor")
  .description("say what is installed, reachable and missing, with the fix")
  .action(async () => {
    await (await import("./doctor")).runDoctor();
  });

program
  .command("rehearse")
  .description("bring stacks up on the built-in cloud, through the real Pulumi engine")
  .argument("[stacks...]", "in this order; an owner before its tenants", ["prod", "test"])
  .option("--preview", "only show what would change")
  .option("--refresh", "read what is there into the state")
  .option("--destroy", "take everything down, tenants first; stops at what is protected")
  .option("--with-data", "with --destroy: what is protected too")
  .action(async (stacks: string[], options: RehearsalOptions) => {
    await (await import("./rehearse")).runRehearsal(stacks, options);
  });

for (const verb of ["preview", "up", "destroy"] as const) {
  program
    .command(verb)
    .description(`pulumi ${verb} on a real cloud, after the checks`)
    .argument("<stack>")
    .argument("[arguments...]", "passed on to pulumi, after --")
    .action(async (stack: string, rest: string[]) => {
      await (await import("./engine")).runEngine(verb, stack, rest);
    });
}

program.parseAsync().catch(reportFailure);
