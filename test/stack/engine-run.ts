/**
 * One operation of one stack, in a process of its own: what a program throws there ends in the engine's output, as for a
 * user, and not in the test runner. One argument, {@link EngineRun} as JSON; exits with 1 where the operation fails.
 */
import { join } from "node:path";
import { Engine } from "../../rehearsal/engine";
import { program } from "../../stack/program";
import { pulumiExecutable } from "../rehearsal/engine-lab";

export interface EngineRun {
  /** Of the stack files; the engine's own folder lies in it. */
  readonly folder: string;
  readonly stack: string;
  readonly verb: "preview" | "up";
  readonly debugProviders: string;
}

async function main({ folder, stack, verb, debugProviders }: EngineRun): Promise<void> {
  const engine = await Engine.open({
    directory: join(folder, "engine"),
    pulumi: pulumiExecutable(),
    source: { project: "labstead", stack, stackFile: join(folder, `Pulumi.${stack}.yaml`) },
    program: () => program({ directory: folder, hasState: () => Promise.resolve(true) }),
    debugProviders,
    checkpoints: false,
  });
  await engine[verb]({ onOutput: (text) => process.stdout.write(text) });
}

main(JSON.parse(process.argv[2] ?? "{}") as EngineRun).catch(() => process.exit(1));
