/** The official CLI on a stack of the project in the working directory. */
import { UserError } from "./failure";
import type { Commands } from "./interruption";
import { backendMismatch, projectIn } from "./project-backend";
import { Pulumi } from "./pulumi";

/** @throws UserError if the engine would not use the project's choice of state */
export function pulumiOf(executable: string, stack: string): Pulumi {
  const directory = process.cwd();
  const project = projectIn(directory);
  const reason = backendMismatch(project, process.env);
  if (reason !== undefined) throw new UserError(reason);
  return new Pulumi({ executable, directory, environment: process.env }, stack, project.name);
}

/** Commands on a real cloud. */
export function commandsFor(stack: string): Commands {
  return { up: `labstead up ${stack}`, recover: `labstead recover ${stack}` };
}
