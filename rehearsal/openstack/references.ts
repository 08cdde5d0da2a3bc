/** Which inputs name other resources, and what keeps those from being deleted. */
import * as t from "../../openstack-api/resources/tokens";

/**
 * What happens to the resource that names another one, when that other one is deleted:
 * `blocks` – the deletion is refused; `cascades` – it goes too; `none` – it stays and names what is gone.
 */
export type OnDelete = "blocks" | "cascades" | "none";

export interface Reference {
  /** Input with the id; `[]` stands for every element of a list. */
  readonly path: string;
  /** Type of what is named. */
  readonly to: string;
  readonly onDelete: OnDelete;
}

function reference(path: string, to: string, onDelete: OnDelete): Reference {
  return { path, to, onDelete };
}

/** By the type that names. Sources: behaviour of Neutron, Nova, Cinder, Octavia and Designate, release Zed. */
export const REFERENCES: Readonly<Record<string, readonly Reference[]>> = {
  [t.SUBNET]: [
    reference("networkId", t.NETWORK, "cascades"),
    reference("subnetpoolId", t.SUBNET_POOL, "blocks"),
  ],
  [t.SUBNET_ROUTE]: [reference("subnetId", t.SUBNET, "cascades")],
  [t.SUBNET_POOL]: [reference("addressScopeId", t.ADDRESS_SCOPE, "blocks")],
  [t.PORT]: [
    reference("networkId", t.NETWORK, "blocks"),
    reference("fixedIps[].subnetId", t.SUBNET, "blocks"),
    reference("securityGroupIds[]", t.SEC_GROUP, "blocks"),
  ],
  [t.TRUNK]: [reference("portId", t.PORT, "blocks"), reference("subPorts[].portId", t.PORT, "blocks")],
  [t.PORT_SEC_GROUP_ASSOCIATE]: [
    reference("portId", t.PORT, "cascades"),
    reference("securityGroupIds[]", t.SEC_GROUP, "blocks"),
  ],
  [t.SEC_GROUP_RULE]: [
    reference("securityGroupId", t.SEC_GROUP, "cascades"),
    reference("remoteGroupId", t.SEC_GROUP, "cascades"),
  ],
  [t.ROUTER_INTERFACE]: [
    reference("routerId", t.ROUTER, "blocks"),
    reference("subnetId", t.SUBNET, "blocks"),
    reference("portId", t.PORT, "blocks"),
  ],
  [t.ROUTER_ROUTE]: [reference("routerId", t.ROUTER, "cascades")],
  [t.FLOATING_IP]: [reference("portId", t.PORT, "none")],
  [t.FLOATING_IP_ASSOCIATE]: [reference("portId", t.PORT, "cascades")],
  [t.COMPUTE_FLOATING_IP_ASSOCIATE]: [reference("instanceId", t.INSTANCE, "cascades")],
  [t.INSTANCE]: [
    reference("networks[].uuid", t.NETWORK, "blocks"),
    reference("networks[].port", t.PORT, "none"),
    reference("schedulerHints[].group", t.SERVER_GROUP, "none"),
  ],
  [t.VOLUME_ATTACH]: [
    reference("instanceId", t.INSTANCE, "cascades"),
    reference("volumeId", t.VOLUME, "blocks"),
  ],
  [t.INTERFACE_ATTACH]: [
    reference("instanceId", t.INSTANCE, "cascades"),
    reference("networkId", t.NETWORK, "blocks"),
    reference("portId", t.PORT, "none"),
  ],
  [t.VOLUME]: [reference("sourceVolId", t.VOLUME, "none")],
  [t.LOAD_BALANCER]: [
    reference("vipSubnetId", t.SUBNET, "blocks"),
    reference("vipNetworkId", t.NETWORK, "blocks"),
    reference("vipPortId", t.PORT, "blocks"),
    reference("securityGroupIds[]", t.SEC_GROUP, "blocks"),
  ],
  [t.LISTENER]: [
    reference("loadbalancerId", t.LOAD_BALANCER, "blocks"),
    reference("defaultPoolId", t.POOL, "blocks"),
  ],
  [t.POOL]: [
    reference("loadbalancerId", t.LOAD_BALANCER, "blocks"),
    reference("listenerId", t.LISTENER, "none"),
  ],
  [t.MEMBER]: [reference("poolId", t.POOL, "cascades"), reference("subnetId", t.SUBNET, "none")],
  [t.MEMBERS]: [reference("poolId", t.POOL, "cascades"), reference("members[].subnetId", t.SUBNET, "none")],
  [t.MONITOR]: [reference("poolId", t.POOL, "cascades")],
  [t.L7_POLICY]: [
    reference("listenerId", t.LISTENER, "cascades"),
    reference("redirectPoolId", t.POOL, "blocks"),
  ],
  [t.L7_RULE]: [reference("l7policyId", t.L7_POLICY, "cascades")],
  [t.RECORD_SET]: [reference("zoneId", t.ZONE, "cascades")],
  [t.SHARE_ACCESS]: [reference("shareId", t.SHARE, "cascades")],
};

/** The cloud's error when a resource in use is to be deleted. */
export const IN_USE: Readonly<Record<string, (id: string) => string>> = {
  [t.NETWORK]: (id) =>
    `409 NetworkInUse: Unable to complete operation on network ${id}. There are one or more ports in use on the network.`,
  [t.SUBNET]: (id) =>
    `409 SubnetInUse: Unable to complete operation on subnet ${id}: One or more ports have an IP allocation from this subnet.`,
  [t.SEC_GROUP]: (id) => `409 SecurityGroupInUse: Security Group ${id} in use.`,
  [t.ROUTER]: (id) => `409 RouterInUse: Router ${id} still has ports`,
  [t.PORT]: (id) =>
    `409 PortInUse: Unable to complete operation on port ${id}. It is in use by another resource.`,
  [t.VOLUME]: (id) => `400 InvalidVolume: Volume ${id} must not be attached.`,
};
