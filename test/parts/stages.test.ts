/** Parts of an earlier stage come first, and go last; in edges that grow with the objects. */
import { ApiObject, App, Chart } from "cdk8s";
import { planCharts, type DeployPlan } from "../../deploy/plan";
import { Catalog } from "../../environment/parts/catalog";
import { component, type Part } from "../../environment/parts/part";
import { STAGES, type Stage } from "../../environment/parts/stages";
import { CATALOG } from "../../catalog";
import { planned } from "../apps/manifests";

/** A part of so many ConfigMaps in a namespace of its own. */
function part(key: string, stage: Stage | undefined, count: number): Part {
  return component({
    key,
    title: key,
    ...(stage === undefined ? {} : { stage }),
    plan: () => ({}),
    charts: () => (scope) => {
      const chart = new Chart(scope, key);
      new ApiObject(chart, "Namespace", { apiVersion: "v1", kind: "Namespace", metadata: { name: key } });
      for (let index = 0; index < count; index++) {
        const metadata = { name: `${key}-${String(index)}`, namespace: key };
        new ApiObject(chart, String(index), { apiVersion: "v1", kind: "ConfigMap", metadata });
      }
    },
  });
}

function rendered(parts: readonly Part[]): DeployPlan {
  const app = new App();
  new Catalog(parts).render(app, Object.fromEntries(parts.map(({ key }) => [key, {}])));
  return planCharts(app);
}

/** Identities that must exist before an object, directly or not. */
function allBefore({ objects }: DeployPlan): ReadonlyMap<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const { identity, dependsOn } of objects)
    before.set(identity, new Set(dependsOn.flatMap((each) => [each, ...(before.get(each) ?? [])])));
  return before;
}

test("every object follows all of every earlier stage, whatever the order in the catalog", () => {
  const plan = rendered([
    part("app", "applications", 2),
    part("driver", undefined, 2),
    part("cni", "network", 2),
    part("policy", "policies", 2),
  ]);
  expect(plan.charts).toEqual(["cni", "policy", "driver", "app"]);
  const before = allBefore(plan);
  for (const later of plan.objects)
    for (const earlier of plan.objects) {
      const follows = plan.charts.indexOf(later.chart) > plan.charts.indexOf(earlier.chart);
      if (follows) expect(before.get(later.identity)).toContain(earlier.identity);
    }
});

test("parts of one stage do not wait for each other", () => {
  const plan = rendered([part("one", "network", 1), part("other", "network", 1)]);
  const before = allBefore(plan);
  expect(before.get("Namespace one")).toEqual(new Set());
  expect(before.get("Namespace other")).toEqual(new Set());
});

test("only the Namespaces of a stage name what they wait for: edges grow with the objects", () => {
  const parts = [part("driver", "services", 300), part("app", "applications", 300)];
  const edges = rendered(parts).objects.flatMap(({ dependsOn }) => dependsOn);
  expect(edges).toHaveLength(300 + 300 + 300);
});

test("prod's own parts stand in their stages, and its applications after everything else", () => {
  const app = new App();
  const { parts } = planned("prod");
  CATALOG.render(app, parts);
  const { charts } = planCharts(app);
  const stageOf = new Map(CATALOG.parts.map(({ key, stage }) => [key, stage]));
  expect(charts.at(-1)).toBe("datalab");
  expect(stageOf.get("datalab")).toBe("applications");
  const places = CATALOG.parts.filter(({ key }) => key in parts).map(({ stage }) => STAGES.indexOf(stage));
  expect(Math.min(...places)).toBeLessThan(STAGES.indexOf("applications"));
});
