/** Rules for Services: NodePorts of the environment, and no way around its load balancer. */
import type { EnvironmentRulesPlan, NodePortSpan, RulesPlan } from "../../../environment/plan/types";
import { celText, type CelRule, type CelVariable } from "../../../kit";

/** NodePorts of the Service, also those that the API server has chosen: rules are checked after that. */
export const NODE_PORTS: CelVariable = {
  name: "nodePorts",
  expression:
    "(has(object.spec.ports) ? object.spec.ports.filter(port, has(port.nodePort) && port.nodePort != 0).map(port, port.nodePort) : []) + " +
    "(has(object.spec.healthCheckNodePort) && object.spec.healthCheckNodePort != 0 ? [object.spec.healthCheckNodePort] : [])",
};

/** For Services in the namespaces of one environment. */
export function serviceRules(plan: EnvironmentRulesPlan, all: RulesPlan): readonly CelRule[] {
  return [
    ...(plan.loadBalancers === "allowed" ? [] : [noLoadBalancer(plan)]),
    nodePortRule(plan, all),
    {
      expression: "!has(object.spec.externalIPs) || object.spec.externalIPs.size() == 0",
      message: `a Service of ${plan.environment} takes no external IPs: they would catch others' traffic`,
    },
    {
      expression: "!has(object.spec.type) || object.spec.type != 'ExternalName'",
      message: `a Service of ${plan.environment} leads to pods, not to a name (ExternalName)`,
    },
  ];
}

function noLoadBalancer({ environment, namespaces }: EnvironmentRulesPlan): CelRule {
  const fix =
    namespaces.kind === "labelled"
      ? "use an Ingress or a NodePort, or set rules.loadBalancers to allowed"
      : "use an Ingress or a NodePort";
  return {
    expression: "!has(object.spec.type) || object.spec.type != 'LoadBalancer'",
    message: `a Service of ${environment} is no LoadBalancer, which is open beside the edge; ${fix}`,
  };
}

/** A load balancer of the cloud dials any NodePort that the API server chooses, but none that is given to somebody. */
function nodePortRule(
  { environment, nodePorts, loadBalancers }: EnvironmentRulesPlan,
  all: RulesPlan,
): CelRule {
  const own = `variables.nodePorts.all(port, ${inSpans("port", nodePorts)})`;
  const given = [...all.entries.nodePorts.map(single), ...all.environments.flatMap((each) => each.nodePorts)];
  const free = `variables.nodePorts.all(port, !${inSpans("port", given)})`;
  const expression =
    loadBalancers === "allowed"
      ? `has(object.spec.type) && object.spec.type == 'LoadBalancer' ? ${free} : ${own}`
      : own;
  const which = `the NodePorts of ${environment} are ${spansText(nodePorts)}`;
  return {
    expression,
    message: `${which}; name one of them as nodePort, or make the Service a ClusterIP`,
    messageExpression: `'NodePort ' + variables.nodePorts.map(port, string(port)).join(', ') + ${celText(`: ${which}; name one of them as nodePort, or make the Service a ClusterIP`)}`,
  };
}

/** For Services in namespaces of no environment: what is given to one stays free for it. */
export function givenNodePortRules({ entries, environments }: RulesPlan): readonly CelRule[] {
  const ports = `[${entries.nodePorts.join(", ")}]`;
  return [
    {
      expression: `request.namespace == ${celText(entries.namespace)} || variables.nodePorts.all(port, !(port in ${ports}))`,
      message: `the NodePorts ${entries.nodePorts.join(", ")} are those of the ingress controller, in ${entries.namespace} only; name another nodePort`,
    },
    ...environments.flatMap(({ environment, namespaces, nodePorts }): readonly CelRule[] => {
      if (namespaces.kind === "labelled" || nodePorts.length === 0) return [];
      return [
        {
          expression: `variables.nodePorts.all(port, !${inSpans("port", nodePorts)})`,
          message: `the NodePorts ${spansText(nodePorts)} are those of ${environment}; name another nodePort`,
        },
      ];
    }),
  ];
}

function single(port: number): NodePortSpan {
  return { from: port, to: port };
}

function inSpans(port: string, spans: readonly NodePortSpan[]): string {
  if (spans.length === 0) return "false";
  const each = spans.map(({ from, to }) =>
    from === to ? `${port} == ${from}` : `(${port} >= ${from} && ${port} <= ${to})`,
  );
  return `(${each.join(" || ")})`;
}

function spansText(spans: readonly NodePortSpan[]): string {
  if (spans.length === 0) return "none";
  return spans.map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`)).join(", ");
}
