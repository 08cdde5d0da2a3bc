/** Open ports, each with the whole way from a client to what answers. */
import type { PortPlan } from "../../../environment/plan/types";
import { keys } from "../../../infra/keys";
import { distinct, joined, link, placeOf, type ReportInput } from "../context";
import { ids } from "../ids";
import type { Section, Thing } from "../types";
import { wayIn, type Serving } from "../way-in";
import { networkText } from "./groups";

export function portSection(input: ReportInput, serving: Serving): Section {
  return {
    id: "ports",
    title: "Ports",
    columns: ["port", "from", "to", "through"],
    things: input.lab.plan.ports.map((port) => portThing(port, input, serving)),
  };
}

const WHAT: Readonly<Record<PortPlan["purpose"], string>> = {
  ingress: "port of the ingress controller",
  published: "published port",
  window: "port of the test window",
  api: "port of the Kubernetes API",
};

function portThing(port: PortPlan, input: ReportInput, serving: Serving): Thing {
  const { name, protocol, external, backend, loadBalancer, admits, probe, proxyProtocol } = port;
  const from = distinct(admits.map(({ cidr }) => networkText(cidr))).join(", ");
  const through = loadBalancer === undefined ? "none" : link(loadBalancer, ids.loadBalancer(loadBalancer));
  const target =
    port.purpose === "api" ? `${String(backend)} of the control plane` : `NodePort ${String(backend)}`;
  return {
    id: ids.port(name),
    what: WHAT[port.purpose],
    title: name.includes(String(external)) ? name : `${String(external)} ${name}`,
    summary: [[`${protocol} ${String(external)}`], [from], [target], [through]],
    facts: [
      { label: "clients connect to", value: [`${protocol} ${String(external)}`] },
      { label: "admitted", value: [from] },
      { label: "leads to", value: [target] },
      { label: "load balancer", value: [through] },
      { label: "health check", value: [probe.kind === "tcp" ? "tcp" : `${probe.kind} ${probe.path}`] },
      ...(proxyProtocol ? [{ label: "PROXY protocol", value: ["version 2"] }] : []),
      ...listenerFact(port, input),
    ],
    places: [
      placeOf(input, port.path),
      ...(port.purpose === "ingress" ? [placeOf(input, "ingress.from")] : []),
    ],
    reached: wayIn(port, input, serving),
    tables: [],
  };
}

function listenerFact({ name, loadBalancer }: PortPlan, { lab }: ReportInput) {
  const balancer = lab.plan.loadBalancers.find(({ key }) => key === loadBalancer);
  if (balancer?.kind !== "octavia") return [];
  return [{ label: "in OpenStack", value: joined([keys.listener(balancer.key, name)]) }];
}
