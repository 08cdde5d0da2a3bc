/** The escape hatch of rendered objects: reaches any field of any object, by what the object is. */
import { identityOf, type Manifest } from "./manifest";
import type { DeployProblem } from "./problems";

/** Returns the object as it is to be; what it is (kind, namespace, name) stays. */
export type ObjectOverride = (manifest: Manifest) => Manifest;

/**
 * By identity: `apps/Deployment datalab/api`, without a group for the core API, without a namespace for an object that
 * belongs to the whole cluster.
 * @example
 * export const overrides: ObjectOverrides = {
 *   "Service kube-system/ingress-nginx-prod": (service) => ({
 *     ...service,
 *     metadata: { ...service.metadata, annotations: { "example.org/pool": "edge" } },
 *   }),
 * };
 */
export type ObjectOverrides = Readonly<Record<string, ObjectOverride>>;

interface Rendered {
  readonly path: string;
  readonly manifest: Manifest;
}

/** The object as its override returns it, or what is wrong with that. */
export function applyObjectOverride<Found extends Rendered>(
  object: Found,
  overrides: ObjectOverrides,
): { readonly object: Found; readonly problems: readonly DeployProblem[] } {
  const identity = identityOf(object.manifest);
  const override = overrides[identity];
  if (override === undefined) return { object, problems: [] };
  const manifest = override(object.manifest);
  const changed = identityOf(manifest);
  if (changed === identity) return { object: { ...object, manifest }, problems: [] };
  const message = `its override makes ${identity} into ${changed}; an override keeps kind, namespace and name`;
  return { object, problems: [{ path: object.path, message }] };
}
