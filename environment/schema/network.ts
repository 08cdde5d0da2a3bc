import { z } from "zod";
import { cidr, cloudName, ipv4, uuid } from "./primitives";

const mtu = z
  .int("is not a whole number; write the network's MTU in bytes, such as 1450")
  .min(1280, "is outside 1280–9000; ask the cloud for its MTU (usually 1450 or 1500)")
  .max(9000, "is outside 1280–9000; ask the cloud for its MTU (usually 1450 or 1500)");

const range = z.strictObject({ start: ipv4, end: ipv4 });

/**
 * Where each role's addresses lie, if the default division of the subnet does not suit.
 * A server's address is its range's start plus its slot.
 */
const ranges = z
  .strictObject({
    vip: range,
    bastion: range,
    gateway: range,
    loadBalancer: range,
    controlPlane: range,
    gluster: range,
    nfs: range,
    applicationServers: range,
    desktops: range,
    workers: range,
    tenants: range,
  })
  .partial();

const common = {
  cidr: cidr.describe("Network of the subnet."),
  externalNetwork: cloudName.default("public").describe("Pool of floating IPs and the router's gateway."),
  mtu: mtu.default(1450).describe("1450 suits VXLAN tenant networks; the cloud's own value otherwise."),
  ranges: ranges.default({}),
};

/** A network that the program makes. */
export const managedNetwork = z.strictObject({
  kind: z.literal("managed"),
  ...common,
  externalNetworkId: uuid
    .optional()
    .describe("With the id of the external network a preview needs no cloud."),
  dnsNameservers: z.array(ipv4).default([]),
});

export const network = z.discriminatedUnion("kind", [
  managedNetwork,
  z.strictObject({
    kind: z.literal("existing"),
    ...common,
    name: cloudName,
    subnet: cloudName,
    gatewayIp: ipv4.optional(),
    allocationPools: z
      .array(range)
      .optional()
      .describe("Addresses of the subnet that Neutron gives out, as `openstack subnet show` prints them."),
    shared: z
      .boolean()
      .default(false)
      .describe("Owned by another project: Neutron then lets only its owner choose fixed addresses."),
    ids: z
      .strictObject({ network: uuid, subnet: uuid })
      .partial()
      .default({})
      .describe("With the ids a preview needs no cloud."),
  }),
]);

export type NetworkConfig = z.output<typeof network>;
/** A role that owns a range of the subnet. */
export type RangeName = keyof NetworkConfig["ranges"];
