/** Neutron's ports: declared ones, and those that come with servers, routers and load balancers. */
import type { PlainMap } from "../../../provider-protocol";
import { contains } from "../local/address-space";
import { claimFor } from "../local/draft";
import type { Claim, Draft } from "../local/draft";
import { macAddress, PROJECT_ID, REGION } from "../local/identity";
import { keyOf } from "../local/record";
import { maps, text, texts } from "../../../provider-protocol/plain";
import type { CloudRecord } from "../local/record";
import type { World } from "../local/world";
import { NETWORK, PORT, SUBNET } from "../../../openstack-api/resources/tokens";

/** Subnets of a network. */
export function subnetsOf(world: World, networkId: string): readonly CloudRecord[] {
  return world.users(NETWORK, networkId, SUBNET).map((user) => user.record);
}

export function drawPort({ world, id, inputs, previous, claim }: Draft): PlainMap {
  const fixedIps = chooseAddresses(world, inputs, previous, claim);
  const groups = inputs["noSecurityGroups"] === true ? [] : texts(inputs, "securityGroupIds");
  return {
    allFixedIps: fixedIps.map((fixed) => fixed.ipAddress),
    fixedIps,
    allSecurityGroupIds: [...groups].sort(),
    macAddress: text(inputs, "macAddress") || text(previous?.outputs, "macAddress") || macAddress(id),
    portSecurityEnabled: inputs["portSecurityEnabled"] ?? true,
    binding: {
      hostId: "",
      profile: "{}",
      vifDetails: {},
      vifType: "",
      vnicType: "normal",
      ...maps({ binding: [inputs["binding"] ?? {}] }, "binding")[0],
    },
    dnsAssignments: [],
  };
}

type FixedIp = { readonly subnetId: string; readonly ipAddress: string };

function chooseAddresses(
  world: World,
  inputs: PlainMap,
  previous: CloudRecord | undefined,
  claim: Claim,
): readonly FixedIp[] {
  if (inputs["noFixedIp"] === true) return [];
  const asked = maps(inputs, "fixedIps");
  const kept = previous === undefined ? [] : maps(previous.outputs, "fixedIps");
  const networkId = text(inputs, "networkId");
  const wanted = asked.length > 0 ? asked : kept.length > 0 ? kept : defaultSubnet(world, networkId);
  return wanted.map((fixed) => {
    const subnetId = text(fixed, "subnetId") || subnetWith(world, networkId, text(fixed, "ipAddress"));
    refuseForeignSubnet(world, subnetId, networkId);
    const known = text(fixed, "ipAddress") || keptAddress(kept, subnetId, claim);
    return { subnetId, ipAddress: known === "" ? claim.any(subnetId) : claim.fixed(subnetId, known) };
  });
}

/** A port keeps its address when it is changed otherwise. */
function keptAddress(kept: readonly PlainMap[], subnetId: string, claim: Claim): string {
  const addresses = kept
    .filter((fixed) => text(fixed, "subnetId") === subnetId)
    .map((fixed) => text(fixed, "ipAddress"));
  return addresses.find((address) => !claim.held.some((held) => held.address === address)) ?? "";
}

function refuseForeignSubnet(world: World, subnetId: string, networkId: string): void {
  if (text(world.require(SUBNET, subnetId).inputs, "networkId") === networkId) return;
  throw new Error(
    `400 InvalidInput: Failed to create port on network ${networkId}, because fixed_ips included invalid subnet ${subnetId}.`,
  );
}

/** Without a wish, a port gets one address, of the first subnet; none on a network without subnets. */
function defaultSubnet(world: World, networkId: string): readonly PlainMap[] {
  return subnetsOf(world, networkId)
    .slice(0, 1)
    .map((subnet) => ({ subnetId: subnet.id }));
}

function subnetWith(world: World, networkId: string, address: string): string {
  const subnet = subnetsOf(world, networkId).find((candidate) =>
    contains(world.space(candidate.id).range, address),
  );
  if (subnet === undefined)
    throw new Error(
      `400 InvalidIpForNetwork: IP address ${address} is not a valid IP for any of the subnets on network ${networkId}.`,
    );
  return subnet.id;
}

export interface AccompanyingPort {
  readonly id: string;
  readonly name: string;
  readonly networkId: string;
  /** Wished for; empty: one of the network's choice. */
  readonly fixedIps: readonly PlainMap[];
  readonly securityGroupIds: readonly string[];
  readonly deviceId: string;
  readonly deviceOwner: string;
}

/** Makes a port that belongs to the claim's holder. Returns its outputs. */
export function accompanyingPort(world: World, claim: Claim, port: AccompanyingPort): PlainMap {
  const { id, name, networkId, deviceId, deviceOwner } = port;
  const inputs: PlainMap = {
    name,
    networkId,
    fixedIps: port.fixedIps,
    securityGroupIds: port.securityGroupIds,
    deviceId,
    deviceOwner,
  };
  const own = claimFor(world, PORT, id);
  try {
    const drawn = drawPort({ world, type: PORT, id, urn: "", inputs, previous: undefined, claim: own });
    const outputs = { ...inputs, ...drawn, region: REGION, tenantId: PROJECT_ID, adminStateUp: true };
    claim.accompany({
      type: PORT,
      id,
      urn: "",
      inputs: { ...inputs, fixedIps: maps(drawn, "fixedIps") },
      outputs,
      addresses: own.held,
      owner: claim.holder,
    });
    return outputs;
  } catch (error) {
    own.undo();
    throw error;
  }
}

/** The first address of a port, IPv4 before IPv6; empty if it has none. */
export function firstAddress(port: PlainMap, family: 4 | 6 = 4): string {
  return texts(port, "allFixedIps").find((address) => address.includes(":") === (family === 6)) ?? "";
}

/** Key under which a port's holder is known. */
export function portKey(id: string): string {
  return keyOf(PORT, id);
}
