/** `labstead drift`: whether a stack is still what its last `up` made. */
import { z } from "zod";
import { environments } from "../../catalog";
import { stackFile, stacksIn } from "../../environment/stack-file";
import { lab } from "../../lab";
import { loginOf } from "../../openstack-api/clouds";
import { Session } from "../../openstack-api/session";
import { driftText, exitCodeOf, UNSEEN_CODE, type DriftReport } from "../../review/drift/report";
import { reasonOf, UserError } from "../shared/failure";
import { interrupted } from "../shared/interrupted";
import { commandsFor, pulumiOf } from "../shared/project-pulumi";
import { pulumiExecutable } from "../shared/pulumi-executable";
import type { Pulumi } from "../shared/pulumi";
import type { StackState } from "../shared/stack-state";
import { driftOf, type OtherStack } from "./drift";

export interface DriftOptions {
  readonly json?: true;
}

/** Sets the exit code: 0 as declared, 2 something differs, 3 something could not be looked at, 1 an error in the files. */
export async function runDrift(stack: string, { json }: DriftOptions): Promise<void> {
  const directory = process.cwd();
  const composed = lab(environments.read(stackFile(directory, stack)));
  const executable = pulumiExecutable();
  const others = stacksIn(directory).filter((each) => each !== stack);
  try {
    const pulumi = pulumiOf(executable, stack);
    const state = await stateOf(pulumi);
    const report = await driftOf({
      stack,
      state,
      lab: composed,
      others: await Promise.all(others.map((each) => otherStack(pulumiOf(executable, each)))),
      session: () => new Session(loginOf({})),
      kubeconfig: await kubeconfigOf(pulumi),
      signal: interrupted(),
    });
    print(report, json);
    process.exitCode = exitCodeOf(report);
  } catch (error) {
    console.error(`${stack} could not be looked at: ${reasonOf(error)}`);
    process.exitCode = UNSEEN_CODE;
  }
}

function print(report: DriftReport, json: true | undefined): void {
  console.log(json ? JSON.stringify(report, undefined, 2) : driftText(report));
}

/** @throws UserError if there is no such stack */
async function stateOf(pulumi: Pulumi): Promise<StackState> {
  const state = await pulumi.export();
  if (state === undefined || state.deployment.resources.length === 0)
    throw new UserError(
      `${pulumi.stack} was never brought up here; first run: ${commandsFor(pulumi.stack).up}`,
    );
  return state;
}

async function otherStack(pulumi: Pulumi): Promise<OtherStack> {
  return { stack: pulumi.stack, state: await pulumi.export() };
}

async function kubeconfigOf(pulumi: Pulumi): Promise<string | undefined> {
  return z.object({ kubeconfig: z.string().min(1) }).safeParse(await pulumi.outputs()).data?.kubeconfig;
}
