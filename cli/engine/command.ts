import type { Command } from "commander";
import type { PreviewOptions } from "../preview/run";
import { UserError } from "../shared/failure";
import type { Verb, VerbOptions } from "./run";

/** `preview`, `up` and `destroy`. */
export function addEngineCommands(program: Command): void {
  addPreview(program);
  addVerb(program, "up");
  addVerb(program, "destroy")
    .option("--with-data", "what is protected too: volumes, addresses, authorities, and volumes of claims")
    .option("--without-cluster", "the cluster is gone for good: remove its objects from the state only");
}

type Against = Partial<PreviewOptions>;

function addPreview(program: Command): void {
  program
    .command("preview")
    .description("what would change: of a stack on a real cloud, or of all stacks against a git reference")
    .argument("[stack]", "with --against all stacks that the change affects by default")
    .argument("[arguments...]", "passed on to pulumi, after --; with --against further stacks")
    .option("--against <ref>", "compare with a branch, tag or commit, on the built-in cloud")
    .option("--output <file>", "with --against: write the whole report, as Markdown")
    .option("--comment <file>", "with --against: write it without diffs, short enough for a comment")
    .option("--pages <folder>", "with --against: write <stack>.html for each stack, with a picture")
    .option("--json", "with --against: print the report as data")
    .action(async (stack: string | undefined, rest: string[], { against, ...options }: Against) => {
      if (against !== undefined)
        await (
          await import("../preview/run")
        ).runPreview(stack === undefined ? [] : [stack, ...rest], { against, ...options });
      else if (stack === undefined || Object.keys(options).length > 0)
        throw new UserError(
          "name a stack, to preview it on a real cloud, or --against <git ref>: labstead preview --help",
        );
      else await (await import("./run")).runEngine("preview", stack, rest);
    });
}

function addVerb(program: Command, verb: Exclude<Verb, "preview">): Command {
  return program
    .command(verb)
    .description(`pulumi ${verb} on a real cloud, after the checks`)
    .argument("<stack>")
    .argument("[arguments...]", "passed on to pulumi, after --")
    .action(async (stack: string, rest: string[], options: VerbOptions) => {
      await (await import("./run")).runEngine(verb, stack, rest, options);
    });
}
