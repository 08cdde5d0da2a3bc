/** Network, subnet and router of an environment that has its own network. */
import type { Context } from "./context";
import { keys } from "./keys";
import { externalNetworkId } from "./network-ids";
import { ref, resource } from "./resource";
import type { InfraResource } from "./types";

const COMPONENT = "network";

export function describeNetwork(context: Context): readonly InfraResource[] {
  const { network } = context.plan;
  return network.kind !== "managed"
    ? []
    : [networkResource(context), subnet(context), router(context), routerInterface(context)];
}

function networkResource({ plan: { network, environment }, tags }: Context): InfraResource {
  return resource(COMPONENT, "openstack:networking/network:Network", keys.network, {
    name: network.name,
    description: `Network of the lab environment ${environment}`,
    adminStateUp: true,
    mtu: network.mtu,
    portSecurityEnabled: true,
    tags,
  });
}

function subnet({ plan: { network, environment }, networkId, tags }: Context): InfraResource {
  return resource(COMPONENT, "openstack:networking/subnet:Subnet", keys.subnet, {
    name: network.subnetName,
    description: `Subnet of the lab environment ${environment}; planned addresses lie outside the pools`,
    networkId,
    cidr: network.cidr,
    ipVersion: 4,
    gatewayIp: network.gatewayIp,
    enableDhcp: true,
    dnsNameservers: network.dnsNameservers,
    allocationPools: network.allocationPools,
    tags,
  });
}

/** The router's gateway requires the external network's id; if it is not configured, it is looked up by name. */
function router({ plan, tags }: Context): InfraResource {
  const { network, environment } = plan;
  return resource(COMPONENT, "openstack:networking/router:Router", keys.router, {
    name: `${network.name}-router`,
    description: `Router of the lab environment ${environment}`,
    adminStateUp: true,
    externalNetworkId: externalNetworkId(plan),
    tags,
  });
}

function routerInterface({ subnetId }: Context): InfraResource {
  return resource(COMPONENT, "openstack:networking/routerInterface:RouterInterface", keys.routerInterface, {
    routerId: ref("openstack:networking/router:Router", keys.router, "id"),
    subnetId,
  });
}
