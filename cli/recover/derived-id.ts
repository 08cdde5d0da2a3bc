/** Resources whose id follows from their inputs: whether they exist is known when the provider reads them. */
import type { ResourceState, StackState } from "../shared/stack-state";

/**
 * The id of a resource if it exists; undefined if the cloud chooses the id. Sources: the id formats of the plugins' own
 * import instructions.
 */
export function derivedId({ type, inputs }: ResourceState, state: StackState): string | undefined {
  if (type.startsWith("kubernetes:")) return objectId(inputs["metadata"]);
  switch (type) {
    case "openstack:compute/keypair:Keypair":
    case "openstack:objectstorage/container:Container":
      return text(inputs["name"]);
    case "openstack:compute/volumeAttach:VolumeAttach":
      return joined(inputs["instanceId"], inputs["volumeId"]);
    case "openstack:networking/floatingIpAssociate:FloatingIpAssociate":
      return floatingIpWith(text(inputs["floatingIp"]), state);
    default:
      return undefined;
  }
}

/** Packages that create nothing outside of the state, or whose resources are harmless to create again: gates. */
const WITHOUT_CLOUD = ["random:", "tls:", "labstead:", "pulumi:"];

/** True if there is nothing to look for: the resource is created again. */
export function existsOnlyInState(type: string): boolean {
  return WITHOUT_CLOUD.some((prefix) => type.startsWith(prefix));
}

/**
 * `namespace/name`, or the name outside of namespaces. An object without a namespace is read in its provider's
 * namespace.
 */
function objectId(metadata: unknown): string | undefined {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const { namespace, name } = metadata as { readonly namespace?: unknown; readonly name?: unknown };
  const [where, what] = [text(namespace), text(name)];
  return where === undefined || what === undefined ? what : `${where}/${what}`;
}

function joined(...parts: readonly unknown[]): string | undefined {
  const texts = parts.flatMap((part) => text(part) ?? []);
  return texts.length === parts.length ? texts.join("/") : undefined;
}

/** An association has the id of its floating IP. */
function floatingIpWith(address: string | undefined, { deployment }: StackState): string | undefined {
  if (address === undefined) return undefined;
  return deployment.resources.find(
    ({ type, outputs }) =>
      type === "openstack:networking/floatingIp:FloatingIp" && outputs?.["address"] === address,
  )?.id;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
