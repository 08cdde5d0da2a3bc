/** The plan of one part of a stack, for commands that act on what it made. */
import { environments } from "../../catalog";
import { stackFile } from "../../environment/stack-file";

/** Undefined where the stack does not use the part. @throws FindingsError with all errors of the stack's file */
export function partPlan(stack: string, part: { readonly key: string }): unknown {
  const { config, owner } = environments.read(stackFile(process.cwd(), stack));
  return environments.plan(config, owner).parts[part.key];
}
