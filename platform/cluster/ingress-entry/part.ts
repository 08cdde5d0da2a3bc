/** An environment's own Service in front of the shared ingress controller. */
import { component } from "../../../environment/parts/part";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import type * as Charts from "./chart";

export const ingressEntry = component({
  key: "ingress-entry",
  title: "the environment's entry to the ingress controller",
  plan: (_, plan) => {
    // Without admission policies the owner creates a tenant's entry; an existing cluster has its own.
    if (plan.tenancy.kind === "prepared" || plan.cluster.kind === "existing") return undefined;
    return { environment: plan.environment, http: nodePort("http", plan), https: nodePort("https", plan) };
  },
  charts: () => (require("./chart") as typeof Charts).ingressEntryCharts,
});

function nodePort(name: "http" | "https", { ports }: EnvironmentPlan): number {
  const port = ports.find((each) => each.purpose === "ingress" && each.name === name);
  if (port === undefined) throw new Error(`the plan has no port ${name} of the ingress`);
  return port.backend;
}
