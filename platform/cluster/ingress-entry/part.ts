/** An environment's own Services in front of the shared ingress controller. */
import { component } from "../../../environment/parts/part";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { streamsOf } from "../ingress/streams";
import type * as Charts from "./chart";

export const ingressEntry = component({
  key: "ingress-entry",
  title: "the environment's entry to the ingress controller",
  stage: "ports",
  plan: (_, plan) => {
    const { tenancy, cluster, environment, ports } = plan;
    const controller = cluster.ingress.entry;
    // Without admission policies the owner creates a tenant's entry; an existing cluster has its own.
    if (tenancy.kind === "prepared" || controller === undefined) return undefined;
    return {
      environment,
      controller,
      http: nodePort("http", plan),
      https: nodePort("https", plan),
      streams: streamsOf(ports),
    };
  },
  charts: () => (require("./chart") as typeof Charts).ingressEntryCharts,
});

function nodePort(name: "http" | "https", { ports }: EnvironmentPlan): number {
  const port = ports.find((each) => each.purpose === "ingress" && each.name === name);
  if (port === undefined) throw new Error(`the plan has no port ${name} of the ingress`);
  return port.backend;
}
