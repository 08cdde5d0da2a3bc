/** `labstead recover`: recovers a stack on a real cloud whose run was killed. */
import { join } from "node:path";
import { CloudSearch } from "../../openstack-api/resources/search";
import { runEngine } from "../engine/run";
import { UserError } from "../shared/failure";
import { commandsFor, pulumiOf } from "../shared/project-pulumi";
import { pulumiExecutable } from "../shared/pulumi-executable";
import { decisions, type DecisionOptions } from "./decisions";
import type { Finder } from "./lookup";
import { recover } from "./recover";

export interface RecoverOptions extends DecisionOptions {
  /** Continues with `up`. */
  readonly up?: true;
}

/** Recovers a stack whose run was killed. */
export async function runRecover(stack: string, options: RecoverOptions): Promise<void> {
  const executable = pulumiExecutable();
  await recover({
    pulumi: pulumiOf(executable, stack),
    finder: cloudFinder(),
    decisions: decisions(options),
    backups: join(process.cwd(), ".labstead", "state-backup"),
    commands: commandsFor(stack),
    print: (line) => console.log(line),
  });
  if (options.up) await runEngine("up", stack, []);
  else console.log(`${stack}: in order; go on with: ${commandsFor(stack).up}`);
}

/** Searches the cloud of the program's own provider: OS_CLOUD, or the OS_ variables. Logs in only if needed. */
function cloudFinder(): Finder {
  let look: CloudSearch | undefined;
  return {
    find: async (type, criteria) => {
      try {
        look ??= new CloudSearch();
        return await look.find(type, criteria);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new UserError(`cannot look into the cloud, the state was not changed: ${reason}`);
      }
    },
  };
}
