/**
 * What was there before the program: images, flavors, external networks, networks of others. A local cloud cannot
 * know them, so that what is looked up by name is there: it is made up at the first look, and stays.
 */
import { PROJECT_ID, REGION, uuid } from "../local/identity";
import type { CloudRecord } from "../local/record";
import type { World } from "../local/world";
import { NETWORK, SUBNET } from "../../../openstack-api/resources/tokens";
import { cidrRange, toAddress, toNumber } from "../local/address-space";

/** An existing network, with the ids that a configuration may name. */
export interface ExistingNetwork {
  /** @default made up from the name */
  readonly id?: string;
  readonly name: string;
  /** @default false */
  readonly external?: boolean;
  /** @default one subnet 192.168.3.0/24 (DataLabs' tenant network) */
  readonly subnets?: readonly ExistingSubnet[];
}

export interface ExistingSubnet {
  /** @default made up from network and CIDR */
  readonly id?: string;
  /** @default the CIDR */
  readonly name?: string;
  readonly cidr: string;
}

const DEFAULT_SUBNETS: readonly ExistingSubnet[] = [{ cidr: "192.168.3.0/24" }];

/** The network of this name, declared by the program or there before. */
export function existingNetwork(world: World, name: string, external = false): CloudRecord {
  return world.named(NETWORK, name)[0] ?? addExistingNetwork(world, { name, external });
}

/** Puts a network that was there before; one that is known already is left alone. */
export function addExistingNetwork(world: World, network: ExistingNetwork): CloudRecord {
  const { name, external = false } = network;
  const id = network.id ?? uuid("existing network", name);
  const known = world.get(NETWORK, id);
  if (known !== undefined) return known;
  const outputs = {
    name,
    external,
    shared: external,
    mtu: 1450,
    adminStateUp: true,
    region: REGION,
    tenantId: PROJECT_ID,
  };
  const record = { type: NETWORK, id, urn: "", inputs: { name }, outputs, addresses: [], owner: "" };
  world.put(record);
  for (const subnet of network.subnets ?? (external ? [] : DEFAULT_SUBNETS))
    addExistingSubnet(world, id, subnet);
  return record;
}

function addExistingSubnet(world: World, networkId: string, subnet: ExistingSubnet): void {
  const { cidr, name = cidr } = subnet;
  const id = subnet.id ?? uuid("existing subnet", networkId, cidr);
  const range = cidrRange(cidr);
  const host = (number: bigint): string => toAddress(number, range.start);
  const [first, last] = [toNumber(range.start), toNumber(range.end)];
  const pools = [{ start: host(first + 2n), end: host(last - 1n) }];
  const outputs = {
    name,
    networkId,
    cidr,
    gatewayIp: host(first + 1n),
    allocationPools: pools,
    ipVersion: 4,
    enableDhcp: true,
    region: REGION,
  };
  world.put({
    type: SUBNET,
    id,
    urn: "",
    inputs: { networkId, cidr },
    outputs,
    addresses: [{ space: id, address: host(first + 2n) }],
    owner: "",
  });
}
