/** Neutron: networks, subnets, routers, security groups, floating IPs. */
import type { PlainMap } from "../../../provider-protocol";
import { cidrRange, toAddress, toNumber } from "../local/address-space";
import type { Range } from "../local/address-space";
import type { Behaviours, Draft } from "../local/draft";
import { FLOATING } from "../local/record";
import { maps, text, texts } from "../../../provider-protocol/plain";
import type { CloudRecord } from "../local/record";
import type { World } from "../local/world";
import * as t from "../../../openstack-api/resources/tokens";
import { accompanyingPort, drawPort, firstAddress, subnetsOf } from "./ports";
import { drawSecGroup, drawSecGroupRule } from "./security-groups";

/** MTU of a tenant network on VXLAN over an MTU of 1500 (Neutron's default). */
const TENANT_MTU = 1450;

export const NETWORKING: Behaviours = {
  [t.NETWORK]: {
    draw: ({ inputs }) => ({
      mtu: inputs["mtu"] ?? TENANT_MTU,
      portSecurityEnabled: inputs["portSecurityEnabled"] ?? true,
    }),
  },
  [t.SUBNET]: { draw: drawSubnet },
  [t.SUBNET_ROUTE]: { id: (inputs) => `${text(inputs, "subnetId")}-route-${route(inputs)}` },
  [t.ROUTER]: { draw: drawRouter },
  [t.ROUTER_INTERFACE]: {
    id: (inputs, fresh) => text(inputs, "portId") || fresh(),
    draw: drawRouterInterface,
  },
  [t.ROUTER_ROUTE]: { id: (inputs) => `${text(inputs, "routerId")}-route-${route(inputs)}` },
  [t.PORT]: { draw: drawPort },
  [t.PORT_SEC_GROUP_ASSOCIATE]: {
    id: (inputs) => text(inputs, "portId"),
    draw: ({ inputs }) => ({ allSecurityGroupIds: [...texts(inputs, "securityGroupIds")].sort() }),
  },
  [t.SEC_GROUP]: { draw: drawSecGroup },
  [t.SEC_GROUP_RULE]: { draw: drawSecGroupRule },
  [t.FLOATING_IP]: { draw: drawFloatingIp, live: floatingIpNow },
  [t.FLOATING_IP_ASSOCIATE]: {
    id: (inputs, _fresh, world) => requireFloatingIp(world, text(inputs, "floatingIp")).id,
    draw: ({ world, inputs }) => ({ fixedIp: fixedIpFor(world, text(inputs, "portId"), inputs) }),
  },
};

function route(inputs: PlainMap): string {
  return `${text(inputs, "destinationCidr")}-${text(inputs, "nextHop")}`;
}

function drawSubnet({ world, id, inputs, previous, claim }: Draft): PlainMap {
  const cidr = text(inputs, "cidr");
  if (cidr === "")
    throw new Error(
      "400 InvalidInput: a subnet needs a cidr; subnet pools are not served by the built-in cloud",
    );
  const range = cidrRange(cidr);
  refuseOverlap(world, id, text(inputs, "networkId"), range);
  const gatewayIp =
    inputs["noGateway"] === true
      ? ""
      : text(inputs, "gatewayIp") || toAddress(toNumber(range.start) + 1n, range.start);
  const asked = [...maps(inputs, "allocationPools"), ...maps(inputs, "allocationPoolsCollection")];
  const pools =
    asked.length > 0
      ? asked.map((pool) => ({ start: text(pool, "start"), end: text(pool, "end") }))
      : wholeRange(range, gatewayIp);
  const [first] = pools;
  // The DHCP agent's own port takes the first address of the pools as soon as there is a subnet.
  if (inputs["enableDhcp"] !== false && first !== undefined)
    claim.note(id, previous?.addresses[0]?.address ?? first.start);
  return {
    gatewayIp,
    allocationPools: pools,
    allocationPoolsCollection: pools,
    ipVersion: inputs["ipVersion"] ?? 4,
    enableDhcp: inputs["enableDhcp"] ?? true,
  };
}

function refuseOverlap(world: World, id: string, networkId: string, range: Range): void {
  const other = subnetsOf(world, networkId).find(
    (subnet) => subnet.id !== id && overlap(range, world.space(subnet.id).range),
  );
  if (other === undefined) return;
  throw new Error(
    `400 InvalidInput: Requested subnet overlaps with another subnet, ${text(other.outputs, "cidr")}, of network ${networkId}`,
  );
}

function overlap(a: Range, b: Range): boolean {
  if (a.start.includes(":") !== b.start.includes(":")) return false;
  return toNumber(a.start) <= toNumber(b.end) && toNumber(b.start) <= toNumber(a.end);
}

/** All usable addresses but the gateway's. */
function wholeRange(range: Range, gateway: string): readonly Range[] {
  const like = range.start;
  const [first, last] = [toNumber(range.start) + 1n, toNumber(range.end) - 1n];
  const taken = gateway === "" ? -1n : toNumber(gateway);
  if (taken < first || taken > last) return [{ start: toAddress(first, like), end: toAddress(last, like) }];
  const parts = [
    [first, taken - 1n],
    [taken + 1n, last],
  ] as const;
  return parts
    .filter(([start, end]) => start <= end)
    .map(([start, end]) => ({ start: toAddress(start, like), end: toAddress(end, like) }));
}

function drawRouter({ inputs, previous, claim }: Draft): PlainMap {
  const externalNetworkId = text(inputs, "externalNetworkId");
  const base = {
    externalNetworkId,
    externalGateway: externalNetworkId,
    distributed: inputs["distributed"] ?? false,
  };
  if (externalNetworkId === "") return { ...base, enableSnat: false, externalFixedIps: [] };
  const asked = maps(inputs, "externalFixedIps").map((fixed) => text(fixed, "ipAddress"));
  const kept =
    previous === undefined
      ? []
      : maps(previous.outputs, "externalFixedIps").map((fixed) => text(fixed, "ipAddress"));
  const [address = ""] = asked.length > 0 ? asked : kept;
  const ipAddress = address === "" ? claim.any(FLOATING) : claim.fixed(FLOATING, address);
  return {
    ...base,
    enableSnat: inputs["enableSnat"] ?? true,
    externalFixedIps: [{ ipAddress, subnetId: "" }],
  };
}

function drawRouterInterface({ world, id, inputs, claim }: Draft): PlainMap {
  const [portId, subnetId, routerId] = [
    text(inputs, "portId"),
    text(inputs, "subnetId"),
    text(inputs, "routerId"),
  ];
  if (portId !== "") {
    const [fixed] = maps(world.require(t.PORT, portId).outputs, "fixedIps");
    return { portId, subnetId: text(fixed, "subnetId") };
  }
  const subnet = world.require(t.SUBNET, subnetId);
  const gateway = text(subnet.outputs, "gatewayIp");
  if (gateway === "")
    throw new Error(
      `400 BadRequest: Subnet for router interface must have a gateway IP (subnet ${subnetId})`,
    );
  accompanyingPort(world, claim, {
    id,
    name: "",
    networkId: text(subnet.inputs, "networkId"),
    fixedIps: [{ subnetId, ipAddress: gateway }],
    securityGroupIds: [],
    deviceId: routerId,
    deviceOwner: "network:router_interface",
  });
  return { portId: id, subnetId };
}

function drawFloatingIp({ world, inputs, previous, claim }: Draft): PlainMap {
  const asked = text(inputs, "address") || text(previous?.outputs, "address");
  const address = asked === "" ? claim.any(FLOATING) : claim.fixed(FLOATING, asked);
  const portId = text(inputs, "portId");
  return { address, portId, fixedIp: portId === "" ? "" : fixedIpFor(world, portId, inputs) };
}

/** An association made apart from the floating IP shows in it. */
function floatingIpNow(world: World, record: CloudRecord): PlainMap {
  const association = world.get(t.FLOATING_IP_ASSOCIATE, record.id);
  if (association === undefined) return {};
  return { portId: text(association.outputs, "portId"), fixedIp: text(association.outputs, "fixedIp") };
}

/** The floating IP of an address. */
export function requireFloatingIp(world: World, address: string): CloudRecord {
  const id = world.space(FLOATING).holder(address)?.split(" ")[1] ?? "";
  const record = world.get(t.FLOATING_IP, id);
  if (record === undefined)
    throw new Error(`404 FloatingIPNotFound: Floating IP ${address} could not be found.`);
  return record;
}

function fixedIpFor(world: World, portId: string, inputs: PlainMap): string {
  const port = world.require(t.PORT, portId);
  refuseUnreachable(world, port);
  const fixedIp = text(inputs, "fixedIp") || firstAddress(port.outputs);
  if (fixedIp === "")
    throw new Error(
      `400 BadRequest: Cannot add floating IP to port ${portId} that has no fixed IPv4 addresses`,
    );
  return fixedIp;
}

/** A floating IP needs a router between its network and the port's subnet: a dependency that is easily forgotten. */
function refuseUnreachable(world: World, port: CloudRecord): void {
  const [fixed] = maps(port.outputs, "fixedIps");
  const subnetId = text(fixed, "subnetId");
  const subnet = world.get(t.SUBNET, subnetId);
  if (subnet === undefined || subnet.urn === "") return; // a subnet that was there before has its router
  const routed = world.users(t.SUBNET, subnetId, t.ROUTER_INTERFACE).some(({ record }) => {
    return text(world.get(t.ROUTER, text(record.inputs, "routerId"))?.outputs, "externalNetworkId") !== "";
  });
  if (routed) return;
  throw new Error(
    `404 ExternalGatewayForFloatingIPNotFound: External network is not reachable from subnet ${subnetId}. ` +
      `Therefore, cannot associate Port ${port.id} with a Floating IP.`,
  );
}
