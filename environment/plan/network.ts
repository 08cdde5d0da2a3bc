import type { ServersEnvironmentConfig, NetworkConfig, OwnerConfig } from "../config";
import { allocationPools, gatewayIp } from "./ranges";
import type { KeyPairPlan, NetworkPlan } from "./types";

export function networkPlan(environment: string, network: NetworkConfig): NetworkPlan {
  const managed = network.kind === "managed";
  return {
    kind: network.kind,
    name: managed ? `${environment}-network` : network.name,
    subnetName: managed ? `${environment}-subnet` : network.subnet,
    cidr: network.cidr,
    gatewayIp: gatewayIp(network),
    mtu: network.mtu,
    dnsNameservers: managed ? network.dnsNameservers : [],
    allocationPools: allocationPools(network),
    externalNetwork: network.externalNetwork,
    fixedAddresses: managed || !network.shared,
    ids: definedIds(managed ? { external: network.externalNetworkId } : network.ids),
  };
}

function definedIds(ids: {
  network?: string | undefined;
  subnet?: string | undefined;
  external?: string | undefined;
}): NetworkPlan["ids"] {
  return {
    ...(ids.network === undefined ? {} : { network: ids.network }),
    ...(ids.subnet === undefined ? {} : { subnet: ids.subnet }),
    ...(ids.external === undefined ? {} : { external: ids.external }),
  };
}

export function keyPairPlan(config: OwnerConfig): KeyPairPlan {
  switch (config.keyPair.kind) {
    case "managed":
      return { kind: "managed", name: `${config.name}-operator`, publicKey: config.keyPair.publicKey };
    case "existing":
      return { kind: "existing", name: config.keyPair.name };
  }
}

/** Name in the API's certificates, which files use instead of an address. */
export function apiServerName(config: OwnerConfig): string {
  return config.cluster.serverName ?? `api.${config.domain}`;
}

/** Tags of every resource that supports tags: its environment, for people and for clean-up. */
export function commonTags(config: ServersEnvironmentConfig): readonly string[] {
  return [...new Set(["labstead", `environment=${config.name}`, ...config.tags])];
}
