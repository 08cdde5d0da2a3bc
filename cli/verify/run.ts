/** `labstead verify`: asks the running cluster of a stack what its users will ask of it. */
import { environments } from "../../catalog";
import { stackFile } from "../../environment/stack-file";
import { parseKubeconfig } from "../../provider/kubernetes-api/kubeconfig";
import { UserError } from "../shared/failure";
import { interrupted } from "../shared/interrupted";
import { stackFacts } from "../shared/stack-facts";
import { stackOutputs } from "../shared/stack-outputs";
import { checkIds, verifyPlan, type VerifyPlan } from "./plan";
import { CheckFailure } from "./reasons";
import { hasFailed, resultsJson, resultsTable } from "./report";
import { verify } from "./verify";

export interface VerifyCommandOptions {
  readonly json?: true;
  readonly only?: readonly string[];
  readonly image?: string;
  readonly fioImage?: string;
  /** Factor of the limits. */
  readonly patience?: string;
}

/** Prints the results; exits with 1 if a check failed. */
export async function runVerify(stack: string, options: VerifyCommandOptions): Promise<void> {
  const outputs = await stackOutputs(stack, {});
  const { kubeconfig } = outputs.values;
  if (typeof kubeconfig !== "string")
    throw new UserError(`the outputs of ${stack} have no kubeconfig; first run: ${outputs.up}`);
  const { config, owner } = environments.read(stackFile(process.cwd(), stack));
  const plan = chosenPlan(
    verifyPlan(environments.plan(config, owner), stackFacts(stack, outputs).floatingIps, {
      ...(options.image === undefined ? {} : { toolbox: options.image }),
      ...(options.fioImage === undefined ? {} : { fio: options.fioImage }),
      ...(options.only === undefined ? {} : { only: options.only }),
    }),
    options.only ?? [],
  );
  const patience = patienceOf(options.patience);
  const signal = interrupted();
  try {
    const begun = ({ id }: { readonly id: string }): void => console.error(`${id} …`);
    const results = await verify(parseKubeconfig(kubeconfig), plan, { signal, patience, begun });
    console.log(options.json ? resultsJson(stack, results) : resultsTable(stack, results));
    if (hasFailed(results) || signal.aborted) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    throw new UserError(`${error.reason.explanation}; ${error.reason.fix}`);
  }
}

/** @throws UserError for a check that does not exist */
function chosenPlan(plan: VerifyPlan, only: readonly string[]): VerifyPlan {
  const kinds = plan.checks.map(({ id }) => id.replace(/-.*/, ""));
  const known = [...new Set([...checkIds(plan), ...kinds])];
  const unknown = only.filter((each) => !known.includes(each));
  if (unknown.length === 0) return plan;
  throw new UserError(`there is no check ${unknown.join(", ")}; write one of ${known.join(", ")}`);
}

function patienceOf(text = "1"): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new UserError(`--patience ${text} is no factor of the limits; write a number, such as 2`);
}
