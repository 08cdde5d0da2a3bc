/** Rules for whatever sends requests for a host to pods: Ingresses, the Gateway API and Traefik's own routes. */
import type { EnvironmentRulesPlan, HostsPlan } from "../../../environment/plan/types";
import { celText, celTexts, forKind, type CelRule } from "../../../kit";

/** Annotations by which ingress-nginx serves hosts in addition to those of the rules. */
const HOST_ANNOTATIONS = [
  "nginx.ingress.kubernetes.io/server-alias",
  "nginx.ingress.kubernetes.io/from-to-www-redirect",
];

export function ingressRules(plan: EnvironmentRulesPlan): readonly CelRule[] {
  const own = (host: string): string => isOwn(host, plan.hosts);
  const message = messageOf(plan);
  return [
    {
      expression: `!has(object.spec.defaultBackend) && has(object.spec.rules) && object.spec.rules.all(rule, has(rule.host) && ${own("rule.host")})`,
      message,
    },
    {
      expression: `!has(object.spec.tls) || object.spec.tls.all(entry, !has(entry.hosts) || entry.hosts.all(host, ${own("host")}))`,
      message,
    },
    {
      expression: `!has(object.metadata.annotations) || object.metadata.annotations.all(key, !(key in ${celTexts(HOST_ANNOTATIONS)}))`,
      message: `an Ingress of ${plan.environment} serves no hosts beside those of its rules (server-alias, from-to-www-redirect)`,
    },
  ];
}

/** Routes of the Gateway API that have host names. */
export const GATEWAY_ROUTES = { HTTPRoute: "httproutes", GRPCRoute: "grpcroutes", TLSRoute: "tlsroutes" };

export function gatewayRules(plan: EnvironmentRulesPlan): readonly CelRule[] {
  const message = messageOf(plan);
  const own = (host: string): string => isOwn(host, plan.hosts);
  const named = `has(object.spec.hostnames) && object.spec.hostnames.size() > 0 && object.spec.hostnames.all(host, ${own("host")})`;
  return [
    ...Object.keys(GATEWAY_ROUTES).flatMap((kind) => forKind(kind, [{ expression: named, message }])),
    ...forKind("Gateway", [
      {
        expression: `object.spec.listeners.all(listener, has(listener.hostname) && ${own("listener.hostname")})`,
        message,
      },
    ]),
  ];
}

/**
 * Traefik's routes have their hosts in an expression of their own. It begins with one host and continues with `&&` alone:
 * after a `||` the route would serve every host.
 */
export function traefikRules(plan: EnvironmentRulesPlan): readonly CelRule[] {
  const message = `${messageOf(plan)}; a match begins with one of them, Host(\`…\`) or HostSNI(\`…\`), and goes on with && only`;
  const { names, domain } = plan.hosts;
  const matches = (hosts: readonly string[]): string =>
    `route.match.matches(${celText(matchPattern(hosts))})`;
  const own = [...names.map(literal), ...(domain === undefined ? [] : [belowDomain(domain.name)])];
  const except = domain?.except.map(literal) ?? [];
  const rule = [
    own.length === 0 ? "false" : matches(own),
    ...(except.length === 0 ? [] : [`!${matches(except)}`]),
  ].join(" && ");
  const certificate = (host: string): string => isOwn(host, plan.hosts);
  return [
    { expression: `object.spec.routes.all(route, ${rule})`, message },
    {
      expression:
        "!has(object.spec.tls) || !has(object.spec.tls.domains) || object.spec.tls.domains.all(domain, " +
        `(!has(domain.main) || ${certificate("domain.main")}) && (!has(domain.sans) || domain.sans.all(host, ${certificate("host")})))`,
      message,
    },
  ];
}

function matchPattern(hosts: readonly string[]): string {
  return String.raw`^[ ]*Host(SNI)?[(][${"`"}"](${hosts.join("|")})[${"`"}"][)]([ ]*&&[^|]*)?$`;
}

function literal(host: string): string {
  return host.replaceAll(".", "[.]");
}

function belowDomain(domain: string): string {
  return `([a-z0-9-]+[.])*${literal(domain)}`;
}

function isOwn(host: string, { names, domain }: HostsPlan): string {
  const listed = `${host} in ${celTexts(names)}`;
  if (domain === undefined) return listed;
  const below = `(${host} == ${celText(domain.name)} || ${host}.endsWith(${celText(`.${domain.name}`)}))`;
  const free = domain.except.length === 0 ? below : `${below} && !(${host} in ${celTexts(domain.except)})`;
  return names.length === 0 ? `(${free})` : `(${listed} || ${free})`;
}

function messageOf({ environment, hosts: { names, domain } }: EnvironmentRulesPlan): string {
  const all = [...names, ...(domain === undefined ? [] : [`those of ${domain.name} that no tenant has`])];
  return `the hosts of ${environment} are ${all.length === 0 ? "none" : all.join(", ")}`;
}
