/** An environment's own Services in front of the shared ingress controller. */
import { isOwner, type OwnerConfig } from "../../../environment/config";
import { INGRESS_PORT_ID } from "../../../environment/ingress-controller";
import { component } from "../../../environment/parts/part";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { streamsOf } from "../ingress/streams";
import { assertNever } from "../../../errors/assert-never";
import type * as Charts from "./chart";
import type { EntryExposure } from "./chart";

export const ingressEntry = component({
  key: "ingress-entry",
  title: "the environment's entry to the ingress controller",
  stage: "ports",
  plan: (config, plan) => {
    const { tenancy, cluster, environment, ports } = plan;
    const controller = cluster.ingress.entry;
    // Without admission policies the owner creates a tenant's entry; an existing cluster has its own.
    if (tenancy.kind === "prepared" || controller === undefined) return undefined;
    return {
      environment,
      controller,
      http: nodePort("http", plan),
      https: nodePort("https", plan),
      ...(isOwner(config) ? { exposure: exposureOf(config) } : {}),
      streams: streamsOf(ports),
    };
  },
  charts: () => (require("./chart") as typeof Charts).ingressEntryCharts,
});

function exposureOf({ ingress }: OwnerConfig): EntryExposure {
  const { exposure, from, proxyProtocol } = ingress;
  switch (exposure.kind) {
    case "nodePort":
      return exposure;
    case "octavia":
      return { ...exposure, portId: INGRESS_PORT_ID, proxyProtocol, from };
    case "metallb":
      return { kind: "metallb", from };
    default:
      return assertNever(exposure);
  }
}

function nodePort(name: "http" | "https", { ports }: EnvironmentPlan): number {
  const port = ports.find((each) => each.purpose === "ingress" && each.name === name);
  if (port === undefined) throw new Error(`the plan has no port ${name} of the ingress`);
  return port.backend;
}
