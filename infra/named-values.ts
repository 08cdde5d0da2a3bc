/**
 * The named values that infrastructure binds: addresses from Neutron, floating IPs, ids and credentials. The table is
 * data, so that the source of a name's value is visible before `up`.
 */
import { assertNever } from "../errors/assert-never";
import { CLOUD_VALUES, credentialValues, type CloudValue } from "../environment/cluster-cloud";
import { INGRESS_PORT_ID } from "../environment/ingress-controller";
import type { InfraPlan } from "../environment/plan/infra-plan";
import { address, output, referenceKey, type NamedValue, type Reference } from "../values";
import { keys } from "./keys";
import { externalNetworkId, networkIds } from "./network-ids";
import { lookup, portAddress, ref } from "./resource";
import type { Deferred, Ref } from "./types";

export interface BoundValue {
  readonly reference: Reference;
  /** An id that the configuration gives is known at once. */
  readonly value: Deferred | string;
}

/** Names of the values that are known only after registration. */
export const infraValues = {
  /** A floating IP; `key` is from the plan's `floatingIps`, `vip/api` or `server/bastion/0`. */
  floatingIp: (key: string): NamedValue => address(`floating/${key}`),
  serverId: (key: string): NamedValue => output(`server/${key}/id`),
  /** A volume's id: its first 20 characters are the disk's serial on the server (`/dev/disk/by-id/virtio-…`). */
  volumeId: (key: string): NamedValue => output(`volume/${key}/id`),
  applicationCredentialId: (key: string): NamedValue => credentialValues(key).id,
  applicationCredentialSecret: (key: string): NamedValue => credentialValues(key).secret,
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
    ...plan.applicationCredentials.flatMap(({ key }) => boundCredential(key)),
    ...servicePorts(plan),
    ...plan.cloudValues.map((value) => bound(CLOUD_VALUES[value], cloudValue(value, plan))),
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

/**
 * Port of the ingress controller's Service. With a floating IP it is read from the association, so that the cloud
 * controller manager finds the floating IP there, and makes no other one.
 */
function servicePorts({ vips, floatingIps }: InfraPlan): readonly BoundValue[] {
  return vips
    .filter(({ holder }) => holder === "octaviaService")
    .map(({ key }) => {
      const floating = floatingIps.find(({ target }) => target.kind === "vip" && target.vip === key);
      const port =
        floating === undefined
          ? ref("openstack:networking/port:Port", keys.vipPort(key), "id")
          : ref(
              "openstack:networking/floatingIpAssociate:FloatingIpAssociate",
              keys.association(floating.key),
              "portId",
            );
      return bound(INGRESS_PORT_ID, port);
    });
}

function boundCredential(key: string): readonly BoundValue[] {
  const type = "openstack:identity/applicationCredential:ApplicationCredential";
  return [
    bound(infraValues.applicationCredentialId(key), ref(type, keys.applicationCredential(key), "id")),
    bound(infraValues.applicationCredentialSecret(key), ref(type, keys.applicationCredential(key), "secret")),
  ];
}

function cloudValue(value: CloudValue, plan: InfraPlan): Deferred | string {
  switch (value) {
    case "authUrl":
      return identityEndpoint("url");
    case "region":
      return identityEndpoint("region");
    case "networkId":
      return networkIds(plan).networkId;
    case "subnetId":
      return networkIds(plan).subnetId;
    case "externalNetworkId":
      return externalNetworkId(plan);
    default:
      return assertNever(value);
  }
}

/** The provider requires a name for the lookup, and uses it for nothing. */
function identityEndpoint(output: "url" | "region"): Deferred {
  return lookup("openstack:identity/getAuthScope:getAuthScope", { name: "labstead" }, output);
}

function bound(name: NamedValue, value: Deferred | string): BoundValue {
  const { source } = name;
  if (source.kind === "text")
    throw new Error(`${name.toString()} is a composed text; only a single name can be bound`);
  return { reference: source, value };
}

/** Bound values by `referenceKey`. */
export function boundValueMap(plan: InfraPlan): ReadonlyMap<string, Deferred | string> {
  return new Map(boundValues(plan).map(({ reference, value }) => [referenceKey(reference), value]));
}
