/** The `labstead` command. Each verb loads what it needs, so that a plan does not wait for an engine. */
import { Command } from "commander";
import type { ClientConfigOptions } from "./client-config";
import type { RecoverOptions, VerbOptions } from "./engine";
import { reportFailure } from "./failure";
import type { RehearsalOptions } from "./rehearse";
import type { NewOptions } from "./new";
import type { OutputsOptions } from "./stack-outputs";
import type { TunnelOptions } from "./tunnel";

interface PlanOptions {
  readonly file?: string;
  readonly out: string;
}

const program = new Command("labstead").description(
  "Research data labs on OpenStack, as one typed Pulumi and CDK8s program.",
);

program
  .command("new")
  .description("make a lab's own repository, which uses this version of Labstead as a package")
  .argument("<folder>", "a new or an empty folder")
  .option("--name <name>", "name of the project; else the folder's")
  .action(async (folder: string, options: NewOptions) => {
    (await import("./new")).runNew(folder, options);
  });

program
  .command("plan")
  .description("write what would be made to out/<stack>/: no engine, no cloud")
  .argument("[stack]", "name of the stack, read from Pulumi.<stack>.yaml", "prod")
  .option("-f, --file <path>", "read this stack file instead, such as examples/ska.yaml")
  .option(
    "-o, --out <folder>",
    "write <folder>/<stack>/ instead; of it only an earlier plan is deleted",
    "out",
  )
  .action(async (stack: string, options: PlanOptions) => {
    (await import("./plan")).runPlan(stack, options);
  });

program
  .command("check")
  .description("print the findings of each stack; ends with 1 if there are errors")
  .argument("[stacks...]", "names of stacks; all that have a file by default")
  .option("--explain [id]", "say what a finding means, by its id in brackets; without one, list all")
  .action(async (stacks: string[], { explain }: { readonly explain?: string | true }) => {
    if (explain === undefined) (await import("./check")).runCheck(stacks);
    else (await import("./check-explain")).runExplain(stacks, explain === true ? undefined : explain);
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
  .description(
    "say what is installed, reachable and missing, with the fix; of a stack, what ends in it and when",
  )
  .argument("[stack]", "name of a stack that is up")
  .option("--rehearsed", "the stack on the built-in cloud")
  .action(async (stack: string | undefined, options: OutputsOptions) => {
    if (stack === undefined) await (await import("./doctor")).runDoctor();
    else await (await import("./ends/main")).runEnds(stack, options);
  });

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
  .option("--take <name=id>", "with --recover: this is what was being made", gathered)
  .option("--drop <name>", "with --recover: this was not made", gathered)
  .option("--latency <milliseconds>", "what each operation takes, as on a real cloud", Number)
  .option("--faults <file>", "failures on purpose, as rehearsal/faults.ts describes them, in JSON")
  .action(async (stacks: string[], options: RehearsalOptions) => {
    await (await import("./rehearse")).runRehearsal(stacks, options);
  });

program
  .command("recover")
  .description("put a stack in order whose run was killed: its lock, and what was being made")
  .argument("<stack>")
  .option("--up", "go on with up")
  .option("--take <name=id>", "this is what was being made", gathered)
  .option("--drop <name>", "this was not made", gathered)
  .action(async (stack: string, options: RecoverOptions) => {
    await (await import("./engine")).runRecover(stack, options);
  });

program
  .command("rotate")
  .description("make a credential or secret anew; without one, say which there are and what that does")
  .argument("<stack>")
  .argument("[what]")
  .argument("[arguments...]", "passed on to pulumi up, after --")
  .action(async (stack: string, what: string | undefined, rest: string[]) => {
    await (await import("./rotate")).runRotate(stack, what, rest);
  });

program
  .command("client-config")
  .description("write the files that a person comes in with to out/clients/<stack>/<person>/")
  .argument("<person>", "as people of the configuration names it")
  .argument("[stack]", "name of the stack", "prod")
  .option("--rehearsed", "into the stack on the built-in cloud")
  .option("-o, --out <folder>", "where to write", "out")
  .action(async (person: string, stack: string, options: ClientConfigOptions) => {
    await (await import("./client-config")).runClientConfig(person, stack, options);
  });

program
  .command("tunnel")
  .description("where access.operator is tunnel: reach the Kubernetes API through the bastion, until Ctrl-C")
  .argument("[stack]", "name of the stack", "prod")
  .option("--as <person>", "come in as somebody of people; else as the operator")
  .option("-i, --identity <file>", "private key; else what ssh takes")
  .action(async (stack: string, options: TunnelOptions) => {
    await (await import("./tunnel")).runTunnel(stack, options);
  });

const state = program.command("state").description("where the state is, who holds it, and copies of it");

state
  .command("show")
  .description("say where a stack's state is, who holds it, and what is open in it")
  .argument("<stack>")
  .action(async (stack: string) => {
    await (await import("./state/main")).runShow(stack);
  });

state
  .command("use")
  .description("write what labstead.state of Pulumi.yaml chooses into its backend.url")
  .action(async () => {
    (await import("./state/main")).runUse();
  });

state
  .command("init")
  .description("make a stack whose secrets are encrypted as labstead.state chooses")
  .argument("<stack>")
  .action(async (stack: string) => {
    await (await import("./state/main")).runInit(stack);
  });

state
  .command("backup")
  .description("keep a stack's state in a file; its secrets stay encrypted")
  .argument("<stack>")
  .option("--to <folder>", "where to", "state-backup")
  .action(async (stack: string, options: { readonly to: string }) => {
    await (await import("./state/main")).runBackup(stack, options);
  });

state
  .command("restore")
  .description("take a stack's state from a file")
  .argument("<stack>")
  .argument("<file>")
  .option("--older", "also one that is older than the state")
  .action(async (stack: string, file: string, options: { readonly older?: true }) => {
    await (await import("./state/main")).runRestore(stack, file, options);
  });

for (const verb of ["preview", "up", "destroy"] as const) {
  const command = program
    .command(verb)
    .description(`pulumi ${verb} on a real cloud, after the checks`)
    .argument("<stack>")
    .argument("[arguments...]", "passed on to pulumi, after --");
  if (verb === "destroy")
    command
      .option("--with-data", "what is protected too: volumes, addresses, authorities")
      .option("--without-cluster", "the cluster is gone for good: what stood in it is forgotten");
  command.action(async (stack: string, rest: string[], options: VerbOptions) => {
    await (await import("./engine")).runEngine(verb, stack, rest, options);
  });
}

/** For options that may be given several times. */
function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

program.parseAsync().catch(reportFailure);
