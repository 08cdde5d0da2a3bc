/** Runs the checks one after the other, each within its limit, and removes everything, also when it is interrupted. */
import { randomBytes } from "node:crypto";
import type { ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { Bench } from "./bench";
import type { PlannedCheck, VerifyPlan } from "./plan";
import { CheckFailure, timeReason, type Reason } from "./reasons";
import { runTask } from "./tasks";

/** How one check ended. */
export type Outcome =
  | { readonly kind: "passed"; readonly seconds: number; readonly seen: string }
  | { readonly kind: "failed"; readonly seconds: number; readonly reason: Reason }
  | { readonly kind: "skipped"; readonly why: string };

export interface CheckResult {
  readonly id: string;
  readonly proves: string;
  readonly outcome: Outcome;
}

export interface RunOptions {
  /** Aborted by the user. */
  readonly signal: AbortSignal;
  /** Factor of the limits. @default 1 */
  readonly patience?: number;
  /** Milliseconds before something that may end by itself counts as wrong. @default 30 s */
  readonly settle?: number;
  /** Told of each check when it begins. */
  readonly begun?: (check: PlannedCheck) => void;
}

/**
 * All checks, with what could not be removed as the last one, if anything.
 * @throws CheckFailure if not even the namespace can be created
 */
export async function verify(
  access: ClusterAccess,
  plan: VerifyPlan,
  options: RunOptions,
): Promise<readonly CheckResult[]> {
  const bench = new Bench(access, plan, options.settle);
  const token = `labstead-verify-${randomBytes(8).toString("hex")}`;
  const results: CheckResult[] = [];
  await bench.prepare(options.signal);
  for (const check of plan.checks) {
    const outcome = await outcomeOf(check, { bench, plan, token }, options);
    results.push({ id: check.id, proves: check.proves, outcome });
  }
  return [...results, ...(await cleanedUp(bench))];
}

/** The clean-up has a signal of its own: it runs after an interruption, too. */
async function cleanedUp(bench: Bench): Promise<readonly CheckResult[]> {
  const started = Date.now();
  try {
    await bench.cleanUp(new AbortController().signal);
    return [];
  } catch (error) {
    const known = error instanceof CheckFailure ? error.reason : undefined;
    const reason = known ?? {
      cause: "time" as const,
      explanation: `not everything in the namespace ${bench.namespace} is deleted yet`,
      fix: `see what holds it: kubectl get all,persistentvolumeclaims --namespace ${bench.namespace}`,
    };
    const outcome = { kind: "failed" as const, seconds: since(started), reason };
    return [{ id: "clean-up", proves: "nothing of the checks stays", outcome }];
  }
}

async function outcomeOf(
  { task, limitSeconds, ...check }: PlannedCheck,
  context: { readonly bench: Bench; readonly plan: VerifyPlan; readonly token: string },
  { signal, patience = 1, begun }: RunOptions,
): Promise<Outcome> {
  if (task.kind === "skipped") return { kind: "skipped", why: task.why };
  if (hasEnded(signal)) return { kind: "skipped", why: "interrupted" };
  begun?.({ task, limitSeconds, ...check });
  const started = Date.now();
  const limit = Math.ceil(limitSeconds * patience);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(limit * 1000)]);
  try {
    const seen = await runTask(task, { ...context, signal: limited });
    return { kind: "passed", seconds: since(started), seen };
  } catch (error) {
    if (hasEnded(signal)) return { kind: "skipped", why: "interrupted" };
    if (error instanceof CheckFailure)
      return { kind: "failed", seconds: since(started), reason: error.reason };
    if (!limited.aborted) throw error;
    return { kind: "failed", seconds: since(started), reason: timeReason(limit, check.proves) };
  }
}

/** A call, as the state changes meanwhile, which a property's type does not say. */
function hasEnded({ aborted }: AbortSignal): boolean {
  return aborted;
}

function since(started: number): number {
  return Math.round((Date.now() - started) / 1000);
}
