/**
 * The guard against disruptive changes: a resource that exists in the state only. Its `check` gets the recorded and the
 * new values, in every preview and again in every `up`, before any other resource is checked.
 */
import { failuresOf, refuseImport } from "../inputs";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffResult,
  PropertyMap,
  ReadRequest,
  ReadResult,
  ResourceHandler,
} from "../../provider-protocol";
import { guardInputs, guardRecords, GUARD_RULES, recordState } from "./inputs";
import { stackOf } from "../urn";
import { judge } from "./judge";
import { judgeQuorums, leavingText } from "./quorum";
import { removedText, lagText, refusal, unusedText } from "./messages";

/** What a guard says of a run. */
export interface Judgement {
  /** Whether `check` was called and refused nothing; a run with targets skips resources that are not targets. */
  readonly judged: boolean;
  /** Whether an earlier run recorded anything. */
  readonly hasRecord: boolean;
}

export class ChangeGuardHandler implements ResourceHandler {
  readonly #judgements = new Map<string, Judgement>();

  /** @param urn of the guard */
  judgement(urn: string): Judgement {
    return this.#judgements.get(urn) ?? { judged: false, hasRecord: false };
  }

  check(request: CheckRequest): Promise<CheckResult> {
    const result = check(request);
    this.#judgements.set(request.urn, {
      judged: (result.failures ?? []).length === 0,
      hasRecord: Object.keys(guardRecords(request.oldInputs)).length > 0,
    });
    return Promise.resolve(result);
  }

  /** Never a change by itself: the engine keeps the newest inputs of a resource that stays the same. */
  diff(): Promise<DiffResult> {
    return Promise.resolve({ changes: {} });
  }

  create({ name }: CreateRequest): Promise<CreateResult> {
    return Promise.resolve({ id: name, outputs: {} });
  }

  read(request: ReadRequest): Promise<ReadResult> {
    return Promise.resolve(read(request));
  }

  update(): Promise<PropertyMap> {
    return Promise.resolve({});
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }
}

function check(request: CheckRequest): CheckResult {
  const { oldInputs, newInputs, urn } = request;
  const failures = failuresOf(GUARD_RULES, newInputs);
  if (failures.length > 0) return { inputs: newInputs, failures };
  const [before, wanted] = [guardRecords(oldInputs), guardInputs(newInputs)];
  const { records, refused, lags, unused, gone } = judge(before, wanted);
  const quorums = judgeQuorums(before, wanted);
  const inputs = recordState(records);
  if (refused.length > 0 || quorums.some(({ lost }) => lost !== undefined))
    return { inputs, failures: [{ property: "", reason: refusal(refused, stackOf(urn), quorums) }] };
  for (const each of quorums) {
    const leaving = leavingText(each);
    if (leaving !== undefined) request.log("info", leaving);
  }
  const lagging = lagText(lags);
  if (lagging !== undefined) request.log("info", lagging);
  const missing = removedText(gone);
  if (missing !== undefined) request.log("warning", missing);
  for (const allowance of unused) request.log("warning", unusedText(allowance));
  return { inputs };
}

function read({ id, inputs, state }: ReadRequest): ReadResult {
  refuseImport("ChangeGuard", { inputs });
  return { id, inputs, outputs: state };
}
