/** The protection's errors: which tenants still exist, what was not done, what to do. */
import { askedOf, routeAdvice } from "../kubernetes-api/api-route";
import type { ProtectionInputs, TenantNamespace } from "./inputs";
import { ENVIRONMENT_LABEL } from "./probe";
import type { NamespaceObservation, TenantObject } from "./probe";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";
import { stackOf } from "../urn";

/** A namespace that a tenant uses. */
export interface OccupiedNamespace {
  /** The environment of its label. */
  readonly tenant: string;
  readonly namespace: string;
  readonly terminating: boolean;
  readonly objects: readonly TenantObject[];
}

/** The namespace, if an environment other than the owner uses it. */
export function occupiedNamespace(
  { environment, namespacesBy }: ProtectionInputs,
  namespace: string,
  seen: Extract<NamespaceObservation, { readonly kind: "present" }>,
): OccupiedNamespace | undefined {
  if (seen.environment === "" || seen.environment === environment) return undefined;
  if (namespacesBy === "owner" && seen.objects.length === 0) return undefined;
  return { tenant: seen.environment, namespace, terminating: seen.terminating, objects: seen.objects };
}

/** @param stack of the owner */
export function refusesDelete(
  found: readonly OccupiedNamespace[],
  inputs: ProtectionInputs,
  stack: string,
): string {
  return [
    `${stillThere(found)} in cluster "${inputs.cluster}", so nothing was removed`,
    ...found.map(foundLine),
    `  first run: ${destroysOf(found)}`,
    `  then go on with ${stack}${leftover(found, inputs)}`,
  ].join("\n");
}

/** Other changes may be applied already: this resource is the last one. */
export function refusesUpdate(
  found: readonly OccupiedNamespace[],
  inputs: ProtectionInputs,
  stack: string,
): string {
  return [
    `${stillThere(found)} in cluster "${inputs.cluster}" in what ${stack} no longer lists for it, so this run stops before it removes anything`,
    ...found.map(foundLine),
    `  first run: ${destroysOf(found)}`,
    `  or put it back into tenants in Pulumi.${stack}.yaml${leftover(found, inputs)}`,
  ].join("\n");
}

/** A namespace that could not be looked up. */
export interface UncheckedNamespace {
  readonly asked: TenantNamespace;
  readonly path: string;
  readonly failure: ProbeFailure;
  readonly count: number;
}

export function cannotCheck(
  { asked, path, failure, count }: UncheckedNamespace,
  { access, cluster, how, hint }: ProtectionInputs,
  urn: string,
): string {
  const stack = stackOf(urn);
  return [
    `cluster "${cluster}" does not report whether tenant ${asked.tenant} is gone, so nothing was removed`,
    `  asked: ${askedOf(access, path)} (${count === 1 ? "once" : `${count} times`})`,
    `  last answer: ${failure.answer}`,
    `  check: ${failure.kind === "refused" ? failure.check : routeAdvice(how, access, "run this again")}`,
    ...(failure.kind === "refused"
      ? [`  pulumi up -s ${stack} renews the kubeconfig that is asked with`]
      : []),
    ...(hint === "" ? [] : [`  ${hint}`]),
    `  if the cluster is lost, or you know that its tenants are gone: pulumi state delete '${urn}' -s ${stack}`,
    `  then run this again: the cluster is not asked any more`,
  ].join("\n");
}

function stillThere(found: readonly OccupiedNamespace[]): string {
  const names = tenantsOf(found);
  return names.length === 1 ? `tenant ${names.join()} is still` : `tenants ${names.join(", ")} are still`;
}

function tenantsOf(found: readonly OccupiedNamespace[]): readonly string[] {
  return [...new Set(found.map(({ tenant }) => tenant))];
}

function foundLine({ tenant, namespace, terminating, objects }: OccupiedNamespace): string {
  const inside = objects.length === 0 ? "" : `, with ${objects.join(", ")} in it`;
  const going = terminating ? "; it is being deleted: wait until it is gone" : "";
  return `  found: namespace ${namespace} (${ENVIRONMENT_LABEL}: ${tenant})${inside}${going}`;
}

function destroysOf(found: readonly OccupiedNamespace[]): string {
  return tenantsOf(found)
    .map((tenant) => `pulumi destroy -s ${tenant}`)
    .join(" && ");
}

/** If the tenant's stack is deleted and only its namespace, or its objects, were left behind. */
function leftover(found: readonly OccupiedNamespace[], { namespacesBy }: ProtectionInputs): string {
  const names = [...new Set(found.map(({ namespace }) => namespace))];
  const command =
    namespacesBy === "owner"
      ? names
          .map((name) => `kubectl delete all,resourcequotas,persistentvolumeclaims --all -n ${name}`)
          .join(" && ")
      : `kubectl delete namespace ${names.join(" ")}`;
  return `; where no such stack is left: ${command}`;
}
