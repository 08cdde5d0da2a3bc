/**
 * Limits of a tenant that RBAC cannot express: names of its namespaces and of its entry, and who gets its roles. They
 * apply to the tenant and to all service accounts of its namespaces, through which it could act. What may be inside its
 * namespaces is decided by the rules of the cluster, for every caller.
 */
import type { TenantPlan } from "../../../environment/plan/types";
import { tenantPrincipal } from "../../../environment/tenancy";
import { INGRESS_NAMESPACE } from "../../../environment/ingress-controller";
import {
  celText,
  celTexts,
  ENFORCED_LEVEL,
  forKind,
  selectorOf,
  type AdmissionPolicyProps,
  type CelRule,
  type PodSecurityLevel,
} from "../../../kit";
import { entryName } from "../ingress-entry/chart";

type TenantPolicy = Pick<AdmissionPolicyProps, "resources" | "namespaces" | "conditions" | "rules">;

/** @param version of the cluster: `1.36` @param controller the workload to which entries lead */
export function tenantPolicy(tenant: TenantPlan, version: string, controller: string): TenantPolicy {
  return {
    resources: [
      { group: "", resources: ["namespaces", "services"] },
      { group: "rbac.authorization.k8s.io", resources: ["rolebindings"] },
    ],
    namespaces: { kind: "all" },
    conditions: { tenant: isTenant(tenant) },
    rules: [
      ...forKind("Namespace", namespaceRules(tenant, version)),
      ...forKind("RoleBinding", bindingRules(tenant)),
      ...forKind("Service", entryRules(tenant, controller)),
    ],
  };
}

function isTenant({ name, namespaces }: TenantPlan): string {
  const groups = [tenantPrincipal(name), ...namespaces.map((each) => `system:serviceaccounts:${each}`)];
  return `request.userInfo.groups.exists(group, group in ${celTexts(groups)})`;
}

/** Levels that isolate a pod from its node. */
const LEVELS: readonly PodSecurityLevel[] = ["baseline", "restricted"];

function namespaceRules({ namespaces }: TenantPlan, version: string): readonly CelRule[] {
  const labels = "object.metadata.labels";
  const pinned = `${ENFORCED_LEVEL}-version`;
  const versions = [`v${version}`, "latest"];
  return [
    {
      expression: `object.metadata.name in ${celTexts(namespaces)}`,
      message: `a tenant has the namespaces that its owner lists: ${namespaces.join(", ")}`,
    },
    {
      expression: `has(${labels}) && '${ENFORCED_LEVEL}' in ${labels} && ${labels}['${ENFORCED_LEVEL}'] in ${celTexts(LEVELS)} && (!('${pinned}' in ${labels}) || ${labels}['${pinned}'] in ${celTexts(versions)})`,
      message: `a tenant's namespace enforces the Pod Security level ${LEVELS.join(" or ")} of the cluster's version (${ENFORCED_LEVEL}, ${pinned}: ${versions.join(" or ")})`,
    },
  ];
}

function bindingRules({ name, namespaces }: TenantPlan): readonly CelRule[] {
  const own = celTexts(namespaces);
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

/** Its one Service beside the ingress controller; elsewhere it has rights in its own namespaces alone. */
function entryRules(tenant: TenantPlan, controller: string): readonly CelRule[] {
  const namespace = INGRESS_NAMESPACE;
  const { http, https } = tenant.ingress;
  const selector = Object.entries(selectorOf({ name: controller })).map(
    ([key, value]) => `${celText(key)}: ${celText(value)}`,
  );
  const rules: readonly CelRule[] = [
    {
      expression: `object.metadata.name == ${celText(entryName(tenant.name))}`,
      message: `a tenant's only Service in ${namespace} is ${entryName(tenant.name)}`,
    },
    {
      expression: `has(object.spec.selector) && object.spec.selector == {${selector.join(", ")}} && object.spec.ports.all(port, port.targetPort == 80 || port.targetPort == 443)`,
      message: "a tenant's entry leads to the ports 80 and 443 of the ingress controller",
    },
    {
      expression:
        "(!has(object.spec.externalIPs) || object.spec.externalIPs.size() == 0) && object.spec.type in ['NodePort', 'ClusterIP']",
      message: "a tenant's entry is a NodePort, without external IPs, load balancers or other names",
    },
    {
      expression: `object.spec.ports.all(port, !has(port.nodePort) || port.nodePort == 0 || port.nodePort in [${http}, ${https}])`,
      message: `the NodePorts of a tenant's entry are those that its owner gave: ${http} and ${https}`,
    },
  ];
  return rules.map(({ expression, message }) => ({
    expression: `request.namespace != ${celText(namespace)} || (${expression})`,
    message,
  }));
}
