/** Parts with a deployment of their own, and parts that need one. */
import type { PlannedObject } from "../deploy/plan";
import { finding, type Finding } from "../environment/findings";
import { nearest } from "../environment/nearest";
import { deploymentOf, deploymentPath, type DeploymentPlan } from "../environment/plan/deployment";

/** Objects of one part, from which on a set is faster than it is inconvenient (docs/performance.md, "The engine"). */
const MANY = 1_000;

/** What a lab has to deploy. */
export interface Deployed {
  readonly plan: { readonly deployment: DeploymentPlan };
  readonly deploy: { readonly objects: readonly Pick<PlannedObject, "chart">[] };
  /** Keys of the parts by the ids of their charts. */
  readonly partOfChart: ReadonlyMap<string, string>;
}

/** Settings for parts without charts, and parts with thousands of objects that are a resource each. */
export function deployPartsFindings({
  plan: { deployment },
  deploy,
  partOfChart,
}: Deployed): readonly Finding[] {
  const parts = [...new Set(partOfChart.values())];
  const unknown = Object.keys(deployment.parts).filter((part) => !parts.includes(part));
  return [
    ...unknown.map((part) => withoutCharts(part, parts)),
    ...manyObjects(deploy.objects, partOfChart, deployment),
  ];
}

function withoutCharts(part: string, parts: readonly string[]): Finding {
  const near = nearest(part, parts);
  return finding(
    "deploy.part",
    `deployParts.${part}`,
    "this environment has no charts of such a part",
    near === undefined ? `remove it, or use one of ${parts.join(", ")}` : `remove it, or write ${near}`,
  );
}

function manyObjects(
  objects: Deployed["deploy"]["objects"],
  partOfChart: Deployed["partOfChart"],
  deployment: DeploymentPlan,
): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { chart } of objects) {
    const part = partOfChart.get(chart) ?? chart;
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return [...counts].flatMap(([part, count]) =>
    count <= MANY || deploymentOf(deployment, part) !== "objects"
      ? []
      : [
          finding(
            "deploy.many-objects",
            deploymentPath(deployment, part),
            `${part} has ${String(count)} objects, each a resource of its own`,
            `on a new environment set deployParts.${part}: applySet; on a running one handover first, to its end`,
          ),
        ],
  );
}
