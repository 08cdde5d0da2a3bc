/**
 * The one escape hatch: changes the arguments of any resource, typed by its token. For options that the configuration
 * does not support, such as a listener's connection limit or a vendor's port binding.
 *
 * @example
 * const overrides: Overrides = {
 *   "openstack:compute/instance:Instance": (inputs, { key }) =>
 *     key.startsWith("server/gluster/") ? { ...inputs, powerState: "active" } : inputs,
 * };
 */
import type { InfraResource, Inputs, ResourceType } from "./types";

/** Returns the modified inputs of a resource. */
export type Override<T extends ResourceType> = (inputs: Inputs<T>, resource: InfraResource<T>) => Inputs<T>;
/** An override for each resource type to change; the key identifies a resource. */
export type Overrides = { readonly [T in ResourceType]?: Override<T> };

/** The resource with its inputs from the override of its type. */
export function applyOverride<T extends ResourceType>(
  resource: InfraResource<T>,
  overrides: Overrides,
): InfraResource<T> {
  const override: Override<T> | undefined = overrides[resource.type];
  return override === undefined ? resource : { ...resource, inputs: override(resource.inputs, resource) };
}
