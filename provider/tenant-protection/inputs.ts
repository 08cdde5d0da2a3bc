/** The inputs of TenantProtection: their rules and meaning. */
import { isList, isMap, reveal, Unknown } from "../../provider-protocol";
import type { PropertyMap, PropertyValue } from "../../provider-protocol";
import { kubeconfigRule, oneOf, optionalText, requiredText, text, apiRouteRule } from "../inputs";
import type { InputRules, Rule } from "../inputs";
import { parseKubeconfig } from "../kubernetes-api/kubeconfig";
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import { API_ROUTES } from "../kubernetes-api/api-route";
import type { ApiRoute } from "../kubernetes-api/api-route";

/** Who creates the namespaces of tenants. One that the owner creates exists before and after the tenant. */
export const NAMESPACE_MAKERS = ["tenant", "owner"] as const;
export type NamespaceMaker = (typeof NAMESPACE_MAKERS)[number];

/** A namespace that a tenant may use. */
export interface TenantNamespace {
  readonly tenant: string;
  readonly namespace: string;
}

/** Complete and known inputs. */
export interface ProtectionInputs {
  readonly access: ClusterAccess;
  readonly cluster: string;
  readonly environment: string;
  readonly tenants: readonly TenantNamespace[];
  readonly namespacesBy: NamespaceMaker;
  readonly how: ApiRoute;
  /** What the program adds to an error; empty for nothing. */
  readonly hint: string;
}

const tenantsRule: Rule = (value) =>
  isMap(value) && Object.values(value).every((each) => each instanceof Unknown || hasNamespaces(each))
    ? undefined
    : "is a map of tenants with their namespaces, such as { test: { namespaces: [testlab] } }";

function hasNamespaces(tenant: PropertyValue): boolean {
  if (!isMap(tenant)) return false;
  const { namespaces } = tenant;
  if (namespaces instanceof Unknown) return true;
  return isList(namespaces) && namespaces.every((each) => each instanceof Unknown || text(each) !== "");
}

export const PROTECTION_RULES: InputRules = {
  resource: "TenantProtection",
  known: ["kubeconfig", "cluster", "environment", "tenants", "namespacesBy", "how", "hint"],
  rules: {
    kubeconfig: kubeconfigRule,
    cluster: requiredText,
    environment: requiredText,
    tenants: tenantsRule,
    namespacesBy: oneOf(NAMESPACE_MAKERS),
    how: apiRouteRule,
    hint: optionalText,
  },
};

/** @throws KubeconfigError if the kubeconfig is not one: checked inputs never do */
export function protectionInputs(inputs: PropertyMap): ProtectionInputs {
  const plain = reveal(inputs);
  return {
    access: parseKubeconfig(text(plain["kubeconfig"])),
    cluster: text(plain["cluster"]),
    environment: text(plain["environment"]),
    tenants: tenantNamespaces(plain),
    namespacesBy: NAMESPACE_MAKERS.find((maker) => maker === plain["namespacesBy"]) ?? "tenant",
    how: API_ROUTES.find((route) => route === plain["how"]) ?? "direct",
    hint: text(plain["hint"]),
  };
}

/** Every namespace of every tenant, by tenant's name; without unknown ones. */
export function tenantNamespaces(inputs: PropertyMap): readonly TenantNamespace[] {
  const { tenants } = reveal(inputs);
  if (!isMap(tenants)) return [];
  // The order of a map from the engine is undefined.
  const sorted = Object.entries(tenants).sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.flatMap(([tenant, value]) => {
    const namespaces = isMap(value) ? value["namespaces"] : undefined;
    if (!isList(namespaces)) return [];
    return namespaces.flatMap((each) => (typeof each === "string" ? [{ tenant, namespace: each }] : []));
  });
}

/** What the old inputs list and the new ones do not. */
export function droppedNamespaces(before: PropertyMap, after: PropertyMap): readonly TenantNamespace[] {
  const remaining = tenantNamespaces(after);
  return tenantNamespaces(before).filter(
    (old) => !remaining.some((each) => each.tenant === old.tenant && each.namespace === old.namespace),
  );
}
