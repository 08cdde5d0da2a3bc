/**
 * Limits of a tenant that RBAC cannot express, as a ValidatingAdmissionPolicy: names of its objects, its NodePorts, its
 * hosts. It applies to the tenant and to all service accounts of its namespaces, through which the tenant could act.
 */
import type { TenantPlan } from "../../../environment/plan/types";
import { tenantPrincipal } from "../../../environment/tenancy";
import { ENFORCED_LEVEL, INGRESS_NGINX, selectorOf, type PodSecurityLevel } from "../../../kit";
import { entryName } from "../ingress-entry/chart";

/** A rule in CEL: the condition, and the API server's message if it is false. */
interface Rule {
  readonly expression: string;
  readonly message: string;
}

/** The `spec` of a ValidatingAdmissionPolicy. */
export function tenantPolicy(tenant: TenantPlan): Readonly<Record<string, unknown>> {
  const rule = (apiGroup: string, resource: string) => ({
    apiGroups: [apiGroup],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources: [resource],
  });
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        rule("", "namespaces"),
        rule("", "services"),
        rule("networking.k8s.io", "ingresses"),
        rule("rbac.authorization.k8s.io", "rolebindings"),
      ],
    },
    matchConditions: [{ name: "tenant", expression: isTenant(tenant) }],
    validations: [
      ...forKind("Namespace", namespaceRules(tenant)),
      ...forKind("RoleBinding", bindingRules(tenant)),
      ...forKind("Service", serviceRules(tenant)),
      ...forKind("Ingress", ingressRules(tenant)),
    ],
  };
}

function isTenant({ name, namespaces }: TenantPlan): string {
  const groups = [tenantPrincipal(name), ...namespaces.map((each) => `system:serviceaccounts:${each}`)];
  return `request.userInfo.groups.exists(group, group in ${list(groups)})`;
}

function forKind(kind: string, rules: readonly Rule[]): readonly Rule[] {
  return rules.map(({ expression, message }) => ({
    expression: `request.kind.kind != '${kind}' || (${expression})`,
    message,
  }));
}

/** Levels that isolate a pod from its node. */
const LEVELS: readonly PodSecurityLevel[] = ["baseline", "restricted"];

function namespaceRules({ namespaces }: TenantPlan): readonly Rule[] {
  const labels = "object.metadata.labels";
  return [
    {
      expression: `object.metadata.name in ${list(namespaces)}`,
      message: `a tenant has the namespaces that its owner lists: ${namespaces.join(", ")}`,
    },
    {
      expression: `has(${labels}) && '${ENFORCED_LEVEL}' in ${labels} && ${labels}['${ENFORCED_LEVEL}'] in ${list(LEVELS)} && !('${ENFORCED_LEVEL}-version' in ${labels})`,
      message: `a tenant's namespace enforces the newest Pod Security level ${LEVELS.join(" or ")} (${ENFORCED_LEVEL})`,
    },
  ];
}

function bindingRules({ name, namespaces }: TenantPlan): readonly Rule[] {
  const own = list(namespaces);
  return [
    {
      expression: `request.namespace in ${own}`,
      message: "a tenant binds roles in its own namespaces only",
    },
    {
      expression: `!has(object.subjects) || object.subjects.all(subject, subject.kind == 'ServiceAccount' ? subject.namespace in ${own} : subject.name == '${tenantPrincipal(name)}')`,
      message: "a tenant gives roles to itself and to service accounts of its own namespaces only",
    },
  ];
}

function serviceRules(tenant: TenantPlan): readonly Rule[] {
  const { namespace, controller } = INGRESS_NGINX;
  const entry = `request.namespace == '${namespace}'`;
  const { http, https } = tenant.ingress;
  const selector = Object.entries(selectorOf({ name: controller })).map(
    ([key, value]) => `'${key}': '${value}'`,
  );
  return [
    {
      expression: `!(${entry}) || object.metadata.name == '${entryName(tenant.name)}'`,
      message: `a tenant's only Service in ${namespace} is ${entryName(tenant.name)}`,
    },
    {
      expression: `!(${entry}) || (has(object.spec.selector) && object.spec.selector == {${selector.join(", ")}} && object.spec.ports.all(port, port.targetPort == 80 || port.targetPort == 443))`,
      message: "a tenant's entry leads to the ports 80 and 443 of the ingress controller",
    },
    {
      expression: `!has(object.spec.externalIPs) || object.spec.externalIPs.size() == 0`,
      message: "a tenant's Service takes no external IPs: they would catch others' traffic",
    },
    {
      expression: "!has(object.spec.type) || object.spec.type != 'ExternalName'",
      message: "a tenant's Service leads to pods, not to a name (ExternalName)",
    },
    {
      expression: `!has(object.spec.ports) || object.spec.ports.all(port, !has(port.nodePort) || port.nodePort == 0 || (${entry} ? port.nodePort in [${http}, ${https}] : ${inWindow(tenant, "port.nodePort")}))`,
      message: `a tenant's NodePorts are those that its owner gave: ${http} and ${https} for its entry, ${windowText(tenant)} for others; name one of them`,
    },
    {
      expression: `!has(object.spec.healthCheckNodePort) || object.spec.healthCheckNodePort == 0 || ${inWindow(tenant, "object.spec.healthCheckNodePort")}`,
      message: `a tenant's health check NodePort is one that its owner gave: ${windowText(tenant)}`,
    },
  ];
}

function inWindow({ window }: TenantPlan, port: string): string {
  return window === undefined ? "false" : `(${port} >= ${window.from} && ${port} <= ${window.to})`;
}

function windowText({ window }: TenantPlan): string {
  return window === undefined ? "none" : `${window.from} to ${window.to}`;
}

/** Annotations by which ingress-nginx serves hosts in addition to those of the rules. */
const HOST_ANNOTATIONS = [
  "nginx.ingress.kubernetes.io/server-alias",
  "nginx.ingress.kubernetes.io/from-to-www-redirect",
];

function ingressRules({ hosts }: TenantPlan): readonly Rule[] {
  const given = list(hosts);
  const message = `a tenant serves the hosts that its owner lists: ${hosts.length === 0 ? "none" : hosts.join(", ")}`;
  return [
    {
      expression: `!has(object.spec.defaultBackend) && has(object.spec.rules) && object.spec.rules.all(rule, has(rule.host) && rule.host in ${given})`,
      message,
    },
    {
      expression: `!has(object.spec.tls) || object.spec.tls.all(entry, !has(entry.hosts) || entry.hosts.all(host, host in ${given}))`,
      message,
    },
    {
      expression: `!has(object.metadata.annotations) || object.metadata.annotations.all(key, !(key in ${list(HOST_ANNOTATIONS)}))`,
      message:
        "a tenant's Ingress serves no hosts beside those of its rules (server-alias, from-to-www-redirect)",
    },
  ];
}

/** A CEL list. Names, hosts and labels contain neither quotes nor backslashes. */
function list(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text}'`).join(", ")}]`;
}
