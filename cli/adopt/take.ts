/** Adds an adopted lab to the state of a new stack: the same records that recovery adds after a crash. */
import { randomUUID } from "node:crypto";
import { version as openstackVersion } from "@pulumi/openstack/package.json";
import type { Adopted } from "../../environment/adopted";
import { componentResource, qualifiedType } from "../../infra/components";
import { dependenciesOf, inOrder } from "../../infra/references";
import type { Component, InfraResource } from "../../infra/types";
import type { Take } from "../recover/take-over";
import type { ResourceState, StackState } from "../shared/stack-state";
import { resolved, type Known, type LiveInputs } from "./kept";

export interface StackName {
  readonly stack: string;
  readonly project: string;
}

const PROVIDER = "pulumi:providers:openstack";

/** As the SDK writes the provider of `infra/register.ts` into the state, where its version has no `v`. */
const PROVIDER_INPUTS = { useOctavia: "true", version: openstackVersion.replace(/^v/, "") } as const;

/** Only once for each resource: those that the state has already are left out. */
export function takesOf(
  { stack, project }: StackName,
  infra: readonly InfraResource[],
  {
    adopted,
    live,
    state,
  }: { readonly adopted: Adopted; readonly live: LiveInputs; readonly state: StackState },
): { readonly base: readonly ResourceState[]; readonly takes: readonly Take[] } {
  const urn = (type: string, name: string): string => `urn:pulumi:${stack}::${project}::${type}::${name}`;
  const known = new Map(state.deployment.resources.map((each) => [each.urn, each]));
  const root = urn("pulumi:pulumi:Stack", `${project}-${stack}`);
  const providerUrn = urn(PROVIDER, "openstack");
  const providerId = known.get(providerUrn)?.id ?? randomUUID();
  const mine = infra.filter(({ key }) => adopted.imports[key] !== undefined);
  const urns = new Map(mine.map((each) => [each.key, urn(qualifiedType(each), each.key)]));
  const parentOf = (component: Component): string => {
    const { type, name } = componentResource(component);
    return urn(type, name);
  };
  const components = [...new Set(mine.map(({ component }) => component))].map((component): ResourceState => ({
    ...{ urn: parentOf(component), type: componentResource(component).type, custom: false },
    ...{ inputs: {}, parent: root },
  }));
  const base: readonly ResourceState[] = [
    { urn: root, type: "pulumi:pulumi:Stack", custom: false, inputs: {} },
    {
      ...{ urn: providerUrn, type: PROVIDER, custom: true, id: providerId, parent: root },
      ...{ inputs: PROVIDER_INPUTS, outputs: PROVIDER_INPUTS },
    },
    ...components,
  ];
  const takes = inOrder(mine, new Map())
    .map((resource): Take => {
      const record: ResourceState = {
        ...{ urn: urns.get(resource.key) ?? "", type: resource.type, custom: true },
        inputs: inputsOf(resource, { matches: new Map(Object.entries(adopted.imports)), live }),
        parent: parentOf(resource.component),
        provider: `${providerUrn}::${providerId}`,
        ...(resource.options.protect === true ? { protect: true } : {}),
        dependencies: dependenciesOf(resource, new Map()).flatMap((key) => urns.get(key) ?? []),
      };
      const operation = { type: "creating", resource: record };
      return { operation, id: adopted.imports[resource.key] ?? "", recreate: false, lost: false };
    })
    .filter(({ operation }) => !known.has(operation.resource.urn));
  return { base: base.filter((each) => !known.has(each.urn)), takes };
}

/** As they are planned, which a plugin then compares with; what refers to a lookup as the cloud reports it. */
function inputsOf({ key, inputs, options }: InfraResource, known: Known): Record<string, unknown> {
  const found = known.live.get(key) ?? {};
  const ignored = new Set(options.ignoreChanges ?? []);
  const entries = Object.entries(inputs)
    .filter(([name]) => !ignored.has(name))
    .map(([name, value]) => [name, resolved(value, known) ?? found[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
