/** The collection of failed pods: its objects, and who has it. */
import { App } from "cdk8s";
import { environments } from "../../../catalog";
import { FailedPodsChart } from "../../../platform/cluster/failed-pods/chart";
import { planned, renderChart } from "../../apps/manifests";
import { outline } from "../../apps/outline";

test("its objects, beside the program", () => {
  const { manifests } = renderChart(
    new FailedPodsChart(new App(), "failed-pods", { environment: "lab", afterHours: 24 }),
  );
  expect(outline(manifests.filter(({ kind }) => kind !== "ConfigMap"))).toMatchSnapshot();
});

test("an environment that does not ask for it keeps its failed pods", () => {
  const { config } = planned("prod");
  expect(environments.plan(config).parts).not.toHaveProperty("failed-pods");
});
