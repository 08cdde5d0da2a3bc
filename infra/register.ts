/** From the description to Pulumi: a short loop in order of need. Nothing is decided here. */
import * as openstack from "@pulumi/openstack";
import type * as pulumi from "@pulumi/pulumi";
import type { EnvironmentPlan } from "../environment/plan/types";
import { referenceKey, requiredReferences } from "../values";
import { componentsOf } from "./components";
import { CONSTRUCTORS } from "./constructors";
import { boundValueMap } from "./named-values";
import { infraOutputs, type InfraOutputs } from "./outputs";
import { findLater, inOrder } from "./references";
import { keys } from "./keys";
import { resolver } from "./resolve";
import { registerGates, turnsOf, type Rolling } from "./register-rolling";
import type { InfraOptions, InfraResource, ResourceArgs, ResourceType } from "./types";

/** What a description is registered with. */
export interface RegisterOptions {
  /** @default what OS_CLOUD and OS_REGION_NAME say */
  readonly provider?: CloudChoice;
  /** Named values that others bind and user data holds, by `referenceKey`. @default none */
  readonly values?: ReadonlyMap<string, pulumi.Output<unknown>>;
  /** How servers are replaced in turns. @default all at once, without gates behind them */
  readonly rolling?: Rolling;
  /** @default the stack */
  readonly parent?: pulumi.Resource;
}

/** Which cloud. No credential: those stay in clouds.yaml or the environment, because a provider's inputs are state. */
export interface CloudChoice {
  /** An entry of clouds.yaml. */
  readonly cloud?: string;
  readonly region?: string;
}

/** What was registered, for those who build on it. */
export interface Infrastructure extends InfraOutputs {
  readonly provider: openstack.Provider;
  /** Everything registered, by key, for those who have to wait for it. */
  readonly resources: ReadonlyMap<string, pulumi.CustomResource>;
}

/**
 * Registers what `describe` described for this plan.
 * @throws Error that lists every named value that nothing binds, before anything is registered.
 */
export function register(
  plan: EnvironmentPlan,
  described: readonly InfraResource[],
  options: RegisterOptions = {},
): Infrastructure {
  const { values = new Map<string, pulumi.Output<unknown>>() } = options;
  const bound = boundValueMap(plan);
  checkBound(described, [bound, values]);
  const provider = openstackProvider(options.provider ?? {}, options.parent);
  const componentOf = componentsOf(described, options.parent);
  const registered = new Map<string, pulumi.CustomResource>();
  const { refOutput, resolve } = resolver({ provider, registered, bound, values });
  const turns = turnsOf(plan, registered, options.rolling);
  const [gates, tellGates] = later();

  for (const each of inOrder(described, bound)) {
    const { dependsOn, ...flags } = optionsOf(each.options, registered);
    const placed = { provider, parent: componentOf(each.component), ...flags };
    const turn = turns.get(each.key);
    const { leadsTo } = each.options;
    const gate = (): pulumi.Resource[] =>
      leadsTo === undefined ? [] : known(registered, keys.ready(leadsTo));
    const waits = turn?.() ?? (leadsTo === undefined ? undefined : gates);
    const needed = waits === undefined ? dependsOn : waits.then(() => [...dependsOn, ...gate()]);
    registered.set(each.key, make(each, resolve(each.inputs), { ...placed, dependsOn: needed }));
  }
  if (options.rolling !== undefined) registerGates(plan, registered, options.rolling, componentOf("servers"));
  tellGates();
  return { provider, resources: registered, ...infraOutputs(plan, refOutput, resolve) };
}

/** Always explicit, so that no other cloud of the user's shell can be meant. Without `useOctavia` the plugin asks Neutron for load balancers. */
function openstackProvider(choice: CloudChoice, parent: pulumi.Resource | undefined): openstack.Provider {
  const options = parent === undefined ? {} : { parent };
  return new openstack.Provider("openstack", { ...choice, useOctavia: true }, options);
}

/** The resolved inputs have the shape of the described ones, which the SDK's types were checked against. */
function make<T extends ResourceType>(
  { type, key }: InfraResource<T>,
  args: unknown,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  return CONSTRUCTORS[type](key, args as ResourceArgs<T>, options);
}

type Flags = Omit<pulumi.CustomResourceOptions, "dependsOn"> & { readonly dependsOn: pulumi.Resource[] };

function optionsOf(
  { dependsOn = [], ignoreChanges = [], replaceOnChanges = [], leadsTo: _, ...flags }: InfraOptions,
  registered: ReadonlyMap<string, pulumi.CustomResource>,
): Flags {
  return {
    ...flags,
    ignoreChanges: [...ignoreChanges],
    replaceOnChanges: [...replaceOnChanges],
    dependsOn: dependsOn.flatMap((key) => known(registered, key)),
  };
}

function known(registered: ReadonlyMap<string, pulumi.CustomResource>, key: string): pulumi.Resource[] {
  const found = registered.get(key);
  return found === undefined ? [] : [found];
}

/** Gates are registered after all that leads to their servers. */
function later(): readonly [done: Promise<void>, tell: () => void] {
  let tell: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (tell = resolve));
  return [done, () => tell()];
}

function checkBound(
  described: readonly InfraResource[],
  bound: readonly ReadonlyMap<string, unknown>[],
): void {
  const problems = described.flatMap(({ key, inputs }) =>
    requiredReferences(findLater(inputs).texts)
      .filter((reference) => !bound.some((map) => map.has(referenceKey(reference))))
      .map((reference) => `${key}: nothing is bound to ${reference.kind}("${reference.name}")`),
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
