/** Registers the description with Pulumi, in dependency order. It makes no decisions. */
import * as openstack from "@pulumi/openstack";
import type * as pulumi from "@pulumi/pulumi";
import type { InfraPlan } from "../environment/plan/infra-plan";
import { referenceKey, requiredReferences } from "../values";
import { componentsOf } from "./components";
import { CONSTRUCTORS } from "./constructors";
import { boundValueMap } from "./named-values";
import { infraOutputs, type InfraOutputs } from "./outputs";
import { findDeferred, inOrder } from "./references";
import { keys } from "./keys";
import { resolver } from "./resolve";
import { registerGates, rollingWaits, type Rolling } from "./register-rolling";
import type { Component, InfraOptions, InfraResource, ResourceArgs, ResourceType } from "./types";

/** Options for registering a description. */
export interface RegisterOptions {
  /** @default OS_CLOUD and OS_REGION_NAME */
  readonly provider?: CloudChoice;
  /** Named values that others bind and user data contains, by `referenceKey`. @default none */
  readonly values?: ReadonlyMap<string, pulumi.Output<unknown>>;
  /** How servers are replaced in order. @default all at once, without gates */
  readonly rolling?: Rolling;
  /** @default the stack */
  readonly parent?: pulumi.Resource;
}

/** Which cloud. No credentials: they stay in clouds.yaml or the environment; a provider's inputs are in the state. */
export interface CloudChoice {
  /** An entry of clouds.yaml. */
  readonly cloud?: string;
  readonly region?: string;
}

/** The registered resources and their outputs. */
export interface Registered extends InfraOutputs {
  /** All registered resources, by key, for dependencies on them. */
  readonly resources: ReadonlyMap<string, pulumi.CustomResource>;
}

/** The infrastructure of an environment, with its provider. */
export interface Infrastructure extends Registered {
  /** Absent if no OpenStack resource is registered, so that no credentials are needed. */
  readonly provider?: openstack.Provider;
}

/** Parent, names and cloud of the registered resources. */
interface Place {
  readonly parentOf: (component: Component) => pulumi.Resource;
  readonly nameOf: (key: string) => string;
  /** None for resources that use their component's provider, which Pulumi passes down. */
  readonly cloud: { readonly provider?: openstack.Provider };
  /** Options of lookups. */
  readonly invoked: pulumi.InvokeOutputOptions;
}

type Values = Pick<RegisterOptions, "values" | "rolling">;

/**
 * Registers the description of this plan, in branches of the stack's tree, with an explicit provider.
 * @throws Error listing every named value without a binding, before anything is registered.
 */
export function register(
  plan: InfraPlan,
  described: readonly InfraResource[],
  options: RegisterOptions = {},
): Infrastructure {
  if (plan.network.kind === "none") return NO_INFRASTRUCTURE;
  checkBound(plan, described, options);
  const provider = openstackProvider(options.provider ?? {}, options.parent);
  const parentOf = componentsOf(described, options.parent);
  const cloud = { provider };
  const place = { cloud, invoked: cloud, parentOf, nameOf: (key: string) => key };
  return { provider, ...registerAt(plan, described, place, options) };
}

/**
 * Registers the description directly below a component, which passes its provider down; names start with its own.
 * @throws Error listing every named value without a binding, before anything is registered.
 */
export function registerBelow(
  component: pulumi.ComponentResource,
  name: string,
  { plan, described, values }: BelowArgs,
): Registered {
  checkBound(plan, described, { values });
  const place = {
    cloud: {},
    invoked: { parent: component },
    parentOf: () => component,
    nameOf: (key: string) => `${name}/${key}`,
  };
  return registerAt(plan, described, place, { values });
}

/** Arguments for registering below a component. */
export interface BelowArgs {
  readonly plan: InfraPlan;
  readonly described: readonly InfraResource[];
  /** Named values that the description contains and does not bind itself, by `referenceKey`. */
  readonly values: ReadonlyMap<string, pulumi.Output<unknown>>;
}

function registerAt(
  plan: InfraPlan,
  described: readonly InfraResource[],
  place: Place,
  { values = NONE, rolling }: Values,
): Registered {
  const bound = boundValueMap(plan);
  const registered = new Map<string, pulumi.CustomResource>();
  const { cloud, invoked } = place;
  const { refOutput, resolve } = resolver({ invoked, registered, bound, values });
  const turns = rollingWaits(plan, registered, rolling);
  const [gates, resolveGates] = deferred();

  for (const each of inOrder(described, bound)) {
    const { dependsOn, ...flags } = optionsOf(each.options, registered);
    const placed = { ...cloud, parent: place.parentOf(each.component), ...flags };
    const turn = turns.get(each.key);
    const { leadsTo } = each.options;
    const gate = (): pulumi.Resource[] =>
      leadsTo === undefined ? [] : known(registered, keys.ready(leadsTo));
    const waits = turn?.() ?? (leadsTo === undefined ? undefined : gates);
    const needed = waits === undefined ? dependsOn : waits.then(() => [...dependsOn, ...gate()]);
    const options = { ...placed, dependsOn: needed };
    registered.set(each.key, make(each, place.nameOf(each.key), resolve(each.inputs), options));
  }
  if (rolling !== undefined) registerGates(plan, registered, rolling, place.parentOf("servers"));
  resolveGates();
  return { resources: registered, ...infraOutputs(plan, refOutput, resolve) };
}

/** For an environment without servers. */
export const NO_INFRASTRUCTURE: Infrastructure = {
  resources: new Map(),
  servers: new Map(),
  vips: new Map(),
  floatingIps: new Map(),
  volumes: new Map(),
  containers: new Map(),
  applicationCredentials: new Map(),
  values: new Map(),
};

/**
 * Always explicit, so that no other cloud of the user's shell is used. Without `useOctavia` the plugin creates load
 * balancers in Neutron.
 */
function openstackProvider(choice: CloudChoice, parent: pulumi.Resource | undefined): openstack.Provider {
  const options = parent === undefined ? {} : { parent };
  return new openstack.Provider("openstack", { ...choice, useOctavia: true }, options);
}

/** The resolved inputs have the shape of the described ones, which were checked against the SDK's types. */
function make<T extends ResourceType>(
  { type }: InfraResource<T>,
  name: string,
  args: unknown,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  return CONSTRUCTORS[type](name, args as ResourceArgs<T>, options);
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

/** A promise that is resolved later: gates are registered after all resources that their servers depend on. */
function deferred(): readonly [done: Promise<void>, resolve: () => void] {
  let settle: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (settle = resolve));
  return [done, () => settle()];
}

const NONE: ReadonlyMap<string, pulumi.Output<unknown>> = new Map();

function checkBound(
  plan: InfraPlan,
  described: readonly InfraResource[],
  { values = NONE }: Pick<RegisterOptions, "values">,
): void {
  const bound: readonly ReadonlyMap<string, unknown>[] = [boundValueMap(plan), values];
  const problems = described.flatMap(({ key, inputs }) =>
    requiredReferences(findDeferred(inputs).texts)
      .filter((reference) => !bound.some((map) => map.has(referenceKey(reference))))
      .map((reference) => `${key}: nothing is bound to ${reference.kind}("${reference.name}")`),
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
