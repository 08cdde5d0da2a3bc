/** `labstead drift` on a stack of the lab: the same report as the command's, its exit code and its commands. */
import { driftOf } from "../../../cli/drift/drift";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { loginOf } from "../../../openstack-api/clouds";
import { Session } from "../../../openstack-api/session";
import { driftText, exitCodeOf, type DriftReport } from "../../../review/drift/report";
import type { LabEnvironment } from "./environment";
import type { OpenStackLab } from "./openstack-lab";

export interface Looked {
  readonly report: DriftReport;
  /** `changed instance server/workers.general/0: name`, sorted. */
  readonly lines: readonly string[];
  readonly exitCode: number;
  /** The table that the command prints. */
  readonly table: string;
}

/** Compares the infrastructure of an environment with its project. @param project also the entry of clouds.yaml */
export async function looked(
  lab: OpenStackLab,
  project: string,
  environment: LabEnvironment,
  plan: EnvironmentPlan,
): Promise<Looked> {
  const report = await driftOf({
    stack: project,
    state: await environment.state(),
    lab: { plan, deploy: { charts: [], objects: [] } },
    others: [],
    session: () => new Session(loginOf({ cloud: project, cloudsFile: lab.cloudsFile })),
    kubeconfig: undefined,
    signal: new AbortController().signal,
  });
  return { report, lines: linesOf(report), exitCode: exitCodeOf(report), table: driftText(report) };
}

function linesOf({ lines }: DriftReport): readonly string[] {
  const text = ({ change, kind, name, differences }: DriftReport["lines"][number]): string => {
    const fields = differences.map(({ field }) => field).join(", ");
    return `${change} ${kind} ${name}${fields === "" ? "" : `: ${fields}`}`;
  };
  return lines.map(text).sort();
}

/** Arguments of the first command of OpenStack's client that a way on names; without the sentence around it. */
export function commandIn(way: string): readonly string[] {
  const [, command] = /\bopenstack ((?:[a-z]+ )+(?:--cascade )?[\w-]+)/.exec(way) ?? [];
  if (command === undefined) throw new Error(`no command of OpenStack's client in: ${way}`);
  return command.split(" ");
}
