/**
 * What the configuration does not know, by resource type: these functions reach the arguments of any OpenStack
 * resource, in plans as in `up`.
 *
 * @example
 * export const overrides: Overrides = {
 *   "openstack:compute/instance:Instance": (inputs, { key }) =>
 *     key.startsWith("server/gluster/") ? { ...inputs, powerState: "active" } : inputs,
 * };
 */
import type { Overrides } from "./infra/override";

export const overrides: Overrides = {};
