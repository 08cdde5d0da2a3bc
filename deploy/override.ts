/** The escape hatch of rendered objects: changes any field of any object, selected by identity. */
import { identityOf, type Manifest } from "./manifest";
import type { DeployProblem } from "./problems";

/** Returns the modified object; kind, namespace and name must stay the same. */
export type ObjectOverride = (manifest: Manifest) => Manifest;

/**
 * By identity: `apps/Deployment datalab/api`, without a group for the core API, without a namespace for a
 * cluster-scoped object.
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

/** The object that its override returns, or what is wrong with it. */
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
