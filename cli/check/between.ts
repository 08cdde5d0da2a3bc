/** Findings between environments: shared ports, hosts, namespaces, addresses and quota. */
import { environments } from "../../catalog";
import type { Finding } from "../../environment/findings";
import type { EnvironmentPair } from "../../environment/stack-file";
import { sharedQuotaFindings } from "../../infra/quota";
import type { Lab } from "../../lab";

/** An environment, with its lab if it could be planned. */
export interface CheckedEnvironment {
  readonly pair?: EnvironmentPair;
  readonly lab?: Lab;
}

export function findingsBetween(checked: readonly CheckedEnvironment[]): readonly Finding[] {
  const shares = checked.flatMap(({ lab }) =>
    lab === undefined ? [] : [{ plan: lab.plan, report: lab.quota }],
  );
  return [
    ...environments.checkAcross(checked.flatMap(({ pair }) => pair?.config ?? [])),
    ...sharedQuotaFindings(shares),
  ];
}
