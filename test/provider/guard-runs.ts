/** Runs of the guard, one after the other: what it refuses, says and records. */
import { ChangeGuardHandler } from "../../provider/change-guard/handler";
import type { CheckResult, PropertyMap } from "../../provider-protocol";
import type { Allowance, GuardedFact, GuardedResource } from "../../provider/sdk";

const URN = "urn:pulumi:prod::labstead::labstead:index:ChangeGuard::changes";

/** What was logged since the test began. */
export const logged: string[] = [];
beforeEach(() => void logged.splice(0));

export const request = (oldInputs: PropertyMap, newInputs: PropertyMap) => ({
  urn: URN,
  type: "labstead:index:ChangeGuard",
  name: "changes",
  oldInputs,
  newInputs,
  randomSeed: new Uint8Array(),
  log: (severity: string, message: string): void => void logged.push(`${severity}: ${message}`),
});

/** Inputs of the program. */
export function given(
  guarded: Readonly<Record<string, GuardedResource>>,
  ...allow: readonly Allowance[]
): PropertyMap {
  return JSON.parse(JSON.stringify({ guarded, allow })) as PropertyMap;
}

export const judged = (before: PropertyMap, after: PropertyMap): Promise<CheckResult> =>
  new ChangeGuardHandler().check(request(before, after));

/** What state holds after a run that the guard let pass. */
export async function passed(before: PropertyMap, after: PropertyMap): Promise<PropertyMap> {
  const { inputs, failures = [] } = await judged(before, after);
  expect(failures).toEqual([]);
  return inputs;
}

export async function refused(before: PropertyMap, after: PropertyMap): Promise<string> {
  const [failure, ...others] = (await judged(before, after)).failures ?? [];
  expect(others).toEqual([]);
  expect(failure?.property).toBe("");
  return failure?.reason ?? "";
}

export const fact = (
  value: string,
  change: GuardedFact["change"],
  at: string,
  effect = "disturbs",
): GuardedFact => ({
  value,
  change,
  at,
  effect,
});
