/** The claims of one environment's parts, against each other and against those of the whole cluster. */
import { finding, type Finding } from "../findings";
import type { AllClaims, Claimed, HostClaim } from "../parts/claims";
import { duplicatePairs } from "./duplicates";

/** Namespaces of Kubernetes and of components that all environments of a cluster share. */
const SHARED_NAMESPACES: readonly string[] = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "monitoring",
  "cluster-tools",
];

/** @param reserved namespaces of components */
export function checkClaims({ config, claims }: Claimed, reserved: readonly string[]): readonly Finding[] {
  return [...checkNamespaces(claims, reserved), ...checkHosts(claims), ...checkLimits({ config, claims })];
}

/** Limits of a namespace that nothing creates would have no effect. */
function checkLimits({ config, claims }: Claimed): readonly Finding[] {
  const known = claims.namespaces.map(({ name }) => name);
  return Object.keys(config.namespaces)
    .filter((name) => !known.includes(name))
    .map((name) =>
      finding(
        "namespace.unknown",
        `namespaces.${name}`,
        "is no namespace that an application of this environment creates",
        known.length === 0 ? "remove it" : `write one of ${known.join(", ")}`,
      ),
    );
}

export function isReserved(namespace: string, reserved: readonly string[]): boolean {
  return SHARED_NAMESPACES.includes(namespace) || reserved.includes(namespace);
}

export function reservedNamespace(path: string, namespace: string): Finding {
  const what = `"${namespace}" is shared by the whole cluster`;
  return finding("namespace.reserved", path, what, "choose a namespace of its own");
}

function checkNamespaces({ namespaces }: AllClaims, reserved: readonly string[]): readonly Finding[] {
  return [
    ...namespaces
      .filter(({ name }) => isReserved(name, reserved))
      .map(({ path, name }) => reservedNamespace(path, name)),
    ...duplicatePairs(namespaces, ({ name }) => name).map(([first, second]) =>
      finding(
        "namespace.clash",
        second.path,
        `"${second.name}" is already the namespace of ${first.path}`,
        "choose another one",
      ),
    ),
  ];
}

/** The controller would send requests to either of the two. */
function checkHosts({ hosts }: AllClaims): readonly Finding[] {
  const routes = hosts.flatMap((each) => each.paths.map((route) => ({ ...each, route })));
  return duplicatePairs(routes, ({ host, route }) => `${host}${route}`).map(([first, second]) =>
    finding(
      "host.clash",
      second.path,
      `"${second.host}${routeText(second)}" is already served by ${first.path}`,
      "choose another host or path",
    ),
  );
}

function routeText({ route }: HostClaim & { readonly route: string }): string {
  return route === "/" ? "" : route;
}
