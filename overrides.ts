/**
 * For what the configuration does not cover, in plans as in `up`: these functions change the arguments of any OpenStack
 * resource, any file on a server and any Kubernetes object.
 *
 * @example
 * import type { LabOverrides } from "labstead";
 *
 * export const overrides: LabOverrides = {
 *   resources: {
 *     "openstack:compute/instance:Instance": (inputs, { key }) =>
 *       key.startsWith("server/gluster/") ? { ...inputs, powerState: "active" } : inputs,
 *   },
 *   machines: {
 *     gateway: {
 *       "/etc/haproxy/labstead.cfg": (file) => ({ ...file, content: file.content.replace(/maxconn 8000/g, "maxconn 4000") }),
 *     },
 *   },
 *   objects: {
 *     "apps/Deployment datalab/docs": ({ metadata, ...deployment }) => ({
 *       ...deployment,
 *       metadata: { ...metadata, annotations: { "example.org/contact": "docs@example.org" } },
 *     }),
 *   },
 * };
 */
import type { LabOverrides } from "./lab-overrides";

export const overrides: LabOverrides = {};
