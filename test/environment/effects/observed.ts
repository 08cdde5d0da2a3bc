/** What a change of the configuration does to a running environment, as guard and layers see it. */
import { createHash } from "node:crypto";
import { environments } from "../../../catalog";
import type { EnvironmentConfig } from "../../../environment/config";
import { errorsOf, findingText } from "../../../environment/findings";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { describe as describeInfra } from "../../../infra/describe";
import type { InfraResource } from "../../../infra/types";
import { machines, userDataOf, type MachineConfig } from "../../../platform/machines";
import { judge, type Verdict } from "../../../provider/change-guard/judge";
import type { GuardedResource } from "../../../provider/sdk";
import { guardedResources } from "../../../stack/changes";
import { HOLDERS } from "../../../stack/holders";

/** Everything that an `up` would make. */
export interface Observed {
  readonly guarded: Readonly<Record<string, GuardedResource>>;
  /** What changes where it is: resources without what they keep from their creation, pushed files, plans. */
  readonly live: string;
}

/** @throws Error with every error of the checks */
export function observed(config: EnvironmentConfig, owner?: EnvironmentConfig): Observed {
  const errors = errorsOf(environments.check(config, owner));
  if (errors.length > 0) throw new Error(errors.map(findingText).join("\n"));
  const { plan, parts, claims } = environments.plan(config, owner);
  const configs = machines(plan);
  const infra = describeInfra(plan, { userData: (server) => userData(server, plan, configs), overrides: {} });
  const partOfChart = new Map(Object.keys(parts).map((part) => [part, part]));
  return {
    guarded: guardedResources({ plan, infra, machines: configs, partOfChart, formedByServers: true }),
    live: JSON.stringify([
      infra.map(liveInputs),
      [...configs.values()].flatMap(pushed),
      parts,
      claims,
      plan.rolling,
      plan.secrets,
    ]),
  };
}

const userDataTexts = new Map<string, string | undefined>();

/** Written once for all environments in which the server is the same: writing YAML is most of the work of a plan. */
function userData(
  server: ServerPlan,
  plan: EnvironmentPlan,
  configs: ReadonlyMap<string, MachineConfig>,
): string | undefined {
  const given = JSON.stringify([server, configs.get(server.key), plan.domain, plan.software]);
  const key = createHash("sha256").update(given).digest("base64");
  if (!userDataTexts.has(key))
    userDataTexts.set(key, userDataOf({ ...plan, servers: [server] }, configs).get(server.key));
  return userDataTexts.get(key);
}

function liveInputs({ key, inputs, options }: InfraResource): unknown {
  const kept = options.ignoreChanges ?? [];
  const live = Object.entries(inputs).filter(([name]) => !kept.includes(name));
  return [key, Object.fromEntries(live), options.protect ?? false];
}

function pushed({ server, files }: MachineConfig): readonly unknown[] {
  return files
    .filter(({ delivery }) => delivery.kind === "sealed")
    .map(({ path, content }) => [server, path, content]);
}

/** What the guard says of a change. */
export function verdictOn(before: Observed, after: Observed): Verdict {
  const first = judge({}, { guarded: before.guarded, allow: [], holders: HOLDERS });
  return judge(first.records, { guarded: after.guarded, allow: [], holders: HOLDERS });
}
