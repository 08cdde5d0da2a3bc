/** The lab's applications, as charts. */
import type { App, Chart } from "cdk8s";
import type { EnvironmentPlan } from "../environment/plan/types";
import { DatalabChart } from "./datalab/chart";
import { datalabProps } from "./datalab/props";

/** The charts of an environment's applications, side by side, never nested; none where it runs none. */
export function appCharts(scope: App, plan: EnvironmentPlan): readonly Chart[] {
  const datalab = datalabProps(plan);
  return datalab === undefined ? [] : [new DatalabChart(scope, "datalab", datalab)];
}

export { DatalabChart } from "./datalab/chart";
export { datalabImages } from "./datalab/images";
export { datalabProps, type DatalabProps } from "./datalab/props";
export { LabNamespace, type LabNamespaceProps } from "./namespace/lab-namespace";
export { DEFAULT_LIMITS, DEFAULT_QUOTA, type ContainerLimits, type Quota } from "./namespace/quota";
