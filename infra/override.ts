/**
 * The one escape hatch: reaches the arguments of any resource, typed by its token. For what the configuration does not
 * know, such as a listener's connection limit or a vendor's port binding.
 *
 * @example
 * const overrides: Overrides = {
 *   "openstack:compute/instance:Instance": (inputs, { key }) =>
 *     key.startsWith("server/gluster/") ? { ...inputs, powerState: "active" } : inputs,
 * };
 */
import type { InfraResource, Inputs, ResourceType } from "./types";

/** Returns the inputs of a resource as they are to be. */
export type Override<T extends ResourceType> = (inputs: Inputs<T>, resource: InfraResource<T>) => Inputs<T>;
/** An override for each type of resource that is to be changed; the resource's key tells one from another. */
export type Overrides = { readonly [T in ResourceType]?: Override<T> };

/** The resource with its inputs as the override for its type returns them. */
export function applyOverride<T extends ResourceType>(
  resource: InfraResource<T>,
  overrides: Overrides,
): InfraResource<T> {
  const override: Override<T> | undefined = overrides[resource.type];
  return override === undefined ? resource : { ...resource, inputs: override(resource.inputs, resource) };
}
