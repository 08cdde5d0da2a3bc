/** Renders the charts of all parts, and checks them against the parts' claims. */
import { App } from "cdk8s";
import type { ObjectOverrides } from "./deploy/override";
import { planCharts, type DeployPlan } from "./deploy/plan";
import { DeployPlanError } from "./deploy/problems";
import { APP_ARMOR_CONTEXT } from "./environment/app-armor";
import type { Planned } from "./environment/environments";
import { finding, type Finding } from "./environment/findings";
import type { Catalog } from "./environment/parts/catalog";
import { claimProblems } from "./review/claim-agreement";

export interface RenderedParts {
  /** The Kubernetes objects of an environment; none where there are findings. */
  readonly deploy: DeployPlan;
  /** Keys of the parts by the ids of their charts. */
  readonly partOfChart: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** @throws Error where an object uses what no part has claimed: a bug in the part */
export function renderParts(
  catalog: Catalog,
  planned: Planned,
  overrides: ObjectOverrides = {},
): RenderedParts {
  const app = new App();
  app.node.setContext(APP_ARMOR_CONTEXT, planned.plan.cluster.appArmor);
  const partOfChart = catalog.render(app, planned.parts);
  const rendered = { ...objectsOf(app, overrides), partOfChart };
  const { reservedNamespaces } = catalog;
  const problems = claimProblems(
    { ...planned, reservedNamespaces },
    rendered.deploy,
    new Set(Object.keys(overrides)),
  );
  if (problems.length === 0) return rendered;
  throw new Error(["charts and claims do not agree:", ...problems.map((each) => `  ${each}`)].join("\n"));
}

function objectsOf(app: App, overrides: ObjectOverrides): Omit<RenderedParts, "partOfChart"> {
  try {
    return { deploy: planCharts(app, { overrides }), findings: [] };
  } catch (error) {
    if (!(error instanceof DeployPlanError)) throw error;
    const findings = error.problems.map(({ path, message }) =>
      finding("chart.invalid", path, message, "correct the construct at this path"),
    );
    return { deploy: { charts: [], objects: [] }, findings };
  }
}
