/**
 * The named values that infrastructure binds: addresses from Neutron, floating IPs, ids and credentials. The table is
 * data, so that the source of a name's value is visible before `up`.
 */
import type { InfraPlan } from "../environment/plan/infra-plan";
import { address, output, referenceKey, secret, type NamedValue, type Reference } from "../values";
import { keys } from "./keys";
import { portAddress, ref } from "./resource";
import type { Ref } from "./types";

export interface BoundValue {
  readonly reference: Reference;
  readonly value: Ref;
}

/** Names of the values that are known only after registration. */
export const infraValues = {
  /** A floating IP; `key` is from the plan's `floatingIps`, `vip/api` or `server/bastion/0`. */
  floatingIp: (key: string): NamedValue => address(`floating/${key}`),
  serverId: (key: string): NamedValue => output(`server/${key}/id`),
  /** A volume's id: its first 20 characters are the disk's serial on the server (`/dev/disk/by-id/virtio-…`). */
  volumeId: (key: string): NamedValue => output(`volume/${key}/id`),
  applicationCredentialId: (key: string): NamedValue => output(`application-credential/${key}/id`),
  applicationCredentialSecret: (key: string): NamedValue => secret(`application-credential/${key}`),
} as const;

/** Every name that the infrastructure of this plan binds, with its output. */
export function boundValues(plan: InfraPlan): readonly BoundValue[] {
  return [
    ...assignedAddresses(plan),
    ...plan.floatingIps.map(({ key }) =>
      bound(
        infraValues.floatingIp(key),
        ref("openstack:networking/floatingIp:FloatingIp", keys.floatingIp(key), "address"),
      ),
    ),
    ...plan.servers.map(({ key }) =>
      bound(infraValues.serverId(key), ref("openstack:compute/instance:Instance", keys.server(key), "id")),
    ),
    ...plan.volumes.map(({ key }) =>
      bound(infraValues.volumeId(key), ref("openstack:blockstorage/volume:Volume", keys.volume(key), "id")),
    ),
    ...plan.applicationCredentials.flatMap(({ key }) => credentialValues(key)),
  ];
}

function assignedAddresses(plan: InfraPlan): readonly BoundValue[] {
  const servers = plan.servers.flatMap(({ key, address: own }) =>
    own.kind === "assigned" ? [bound(own.value, portAddress(keys.serverPort(key)))] : [],
  );
  const vips = plan.vips.flatMap(({ key, address: own }) =>
    own.kind === "assigned" ? [bound(own.value, vipAddress(plan, key))] : [],
  );
  return [...servers, ...vips];
}

/** Source of an assigned VIP address: its own port, or the port that Octavia created for its load balancer. */
function vipAddress(plan: InfraPlan, vip: string): Ref {
  const octavia = plan.loadBalancers.find((each) => each.kind === "octavia" && each.vip === vip);
  return octavia === undefined
    ? portAddress(keys.vipPort(vip))
    : ref("openstack:loadbalancer/loadBalancer:LoadBalancer", keys.loadBalancer(octavia.key), "vipAddress");
}

function credentialValues(key: string): readonly BoundValue[] {
  const type = "openstack:identity/applicationCredential:ApplicationCredential";
  return [
    bound(infraValues.applicationCredentialId(key), ref(type, keys.applicationCredential(key), "id")),
    bound(infraValues.applicationCredentialSecret(key), ref(type, keys.applicationCredential(key), "secret")),
  ];
}

function bound(name: NamedValue, value: Ref): BoundValue {
  const { source } = name;
  if (source.kind === "text")
    throw new Error(`${name.toString()} is a composed text; only a single name can be bound`);
  return { reference: source, value };
}

/** Bound values by `referenceKey`. */
export function boundValueMap(plan: InfraPlan): ReadonlyMap<string, Ref> {
  return new Map(boundValues(plan).map(({ reference, value }) => [referenceKey(reference), value]));
}
