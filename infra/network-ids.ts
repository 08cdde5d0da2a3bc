/** Ids of the network, its subnet and the external network: given, of a resource, or looked up by name. */
import type { InfraPlan } from "../environment/plan/infra-plan";
import { keys } from "./keys";
import { lookup, ref } from "./resource";
import type { Deferred, Lookup } from "./types";

export interface NetworkIds {
  readonly networkId: Deferred | string;
  readonly subnetId: Deferred | string;
}

/** Of the managed network, or of the existing one. */
export function networkIds(plan: InfraPlan): NetworkIds {
  const { network } = plan;
  if (network.kind === "none") throw new Error(`${plan.environment} has no network`);
  if (network.kind === "managed") {
    return {
      networkId: ref("openstack:networking/network:Network", keys.network, "id"),
      subnetId: ref("openstack:networking/subnet:Subnet", keys.subnet, "id"),
    };
  }
  const networkId =
    network.ids.network ?? lookup("openstack:networking/getNetwork:getNetwork", { name: network.name }, "id");
  return { networkId, subnetId: network.ids.subnet ?? existingSubnet(network.subnetName, networkId) };
}

function existingSubnet(name: string, networkId: Deferred | string): Lookup {
  return lookup("openstack:networking/getSubnet:getSubnet", { name, networkId }, "id");
}

/** Of the pool of floating IPs. */
export function externalNetworkId({ network }: InfraPlan): Deferred | string {
  const { ids, externalNetwork: name } = network;
  return ids.external ?? lookup("openstack:networking/getNetwork:getNetwork", { name, external: true }, "id");
}
