/** The components of the stack's tree that contain resources. Their names never change, because URNs contain them. */
import * as pulumi from "@pulumi/pulumi";
import type { Component, InfraResource } from "./types";

const COMPONENTS: { readonly [C in Component]: { readonly type: string; readonly name: string } } = {
  network: { type: "labstead:infra:Network", name: "network" },
  security: { type: "labstead:infra:Security", name: "security" },
  identity: { type: "labstead:infra:Identity", name: "identity" },
  servers: { type: "labstead:infra:Servers", name: "servers" },
  storage: { type: "labstead:infra:Storage", name: "storage" },
  addresses: { type: "labstead:infra:Addresses", name: "addresses" },
  loadBalancers: { type: "labstead:infra:LoadBalancers", name: "load-balancers" },
};

/** Type and name of a component of the tree. */
export function componentResource(component: Component): { readonly type: string; readonly name: string } {
  return COMPONENTS[component];
}

/** The type part of a resource's URN: its component's type, then its own. */
export function qualifiedType({ component, type }: InfraResource): string {
  return `${COMPONENTS[component].type}$${type}`;
}

class InfraComponent extends pulumi.ComponentResource {
  constructor(component: Component, parent: pulumi.Resource | undefined) {
    const { type, name } = COMPONENTS[component];
    super(type, name, {}, parent === undefined ? {} : { parent });
    this.registerOutputs({});
  }
}

/** The components of these resources, each created once. */
export function componentsOf(
  described: readonly InfraResource[],
  parent: pulumi.Resource | undefined,
): (of: Component) => pulumi.ComponentResource {
  const used = [...new Set(described.map((each) => each.component))];
  const made = new Map(used.map((each) => [each, new InfraComponent(each, parent)]));
  return (of) => {
    const component = made.get(of);
    if (component === undefined) throw new Error(`component ${of} has no resource`);
    return component;
  };
}
