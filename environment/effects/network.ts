/** Effects of `network` and `keyPair`. */
import type { NetworkConfig, OwnerConfig } from "../config";
import type { Effects } from "../parts/effects";
import { guarded, inPlace, inTurns, stopped, WHEN_ROLLED } from "./words";

const ALLOW = "allow it where it is meant; the message has the line";

const MOVES = guarded("changes the address under what runs at it", ALLOW);
/** Servers of these connect to the others by SSH. */
const ENTRY_RANGE = {
  start: MOVES,
  end: inTurns(
    "more or fewer addresses for servers to come; rules that hold while the others boot follow when the `generation` of their pool is counted up",
  ),
};
const RANGE = { start: MOVES, end: inPlace("more or fewer addresses for servers to come") };

/** The reference to the network is what is compared, not the network behind it. */
const ID = guarded("counts as another network, also where it is the id of the same one", ALLOW);

export const NETWORK_EFFECTS: Effects<NetworkConfig> = {
  kind: guarded("deletes, with every port and server in it, and recreates", ALLOW),
  cidr: guarded("deletes, with every port and server in it, and recreates", ALLOW),
  externalNetwork: guarded("gives other public addresses, and cuts off the old ones", ALLOW),
  mtu: guarded("reaches servers only when they boot, and stalls packets until then", ALLOW),
  ranges: {
    vip: RANGE,
    bastion: ENTRY_RANGE,
    gateway: ENTRY_RANGE,
    loadBalancer: RANGE,
    controlPlane: RANGE,
    gluster: RANGE,
    nfs: RANGE,
    applicationServers: RANGE,
    desktops: RANGE,
    workers: RANGE,
    tenants: {
      start: inPlace(
        "rules for tenants' addresses move; each tenant's own `up` stops before it moves a server",
      ),
      end: inPlace("more or fewer addresses for tenants to come"),
    },
  },
  externalNetworkId: ID,
  dnsNameservers: inPlace("servers take them when they renew their lease"),
  name: guarded("deletes servers and ports, and recreates them in the other network", ALLOW),
  subnet: stopped({
    would: "takes servers out of the subnet that their addresses are of",
    instead: "for another subnet, bring an environment up beside this one",
    free: [""],
  }),
  gatewayIp: inPlace("nothing is made from it; the checks keep servers off the address"),
  allocationPools: inPlace("nothing is made from it; the checks compare planned addresses with it"),
  shared: stopped({
    would: "leaves it to Neutron which address each server has",
    instead: "for a network of another project, bring an environment up beside this one",
    free: [""],
  }),
  ids: { network: ID, subnet: inPlace("servers stay; ports and VIPs refer to the subnet by its id") },
};

export const KEY_PAIR_EFFECTS: Effects<OwnerConfig["keyPair"]> = {
  kind: WHEN_ROLLED("the operators' key"),
  publicKey: WHEN_ROLLED("the operators' key"),
  name: WHEN_ROLLED("the operators' key"),
};
