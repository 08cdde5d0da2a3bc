/** The sections of `cloud.conf` that follow from the plan. */
import { CLOUD_VALUES } from "../../../environment/cluster-cloud";
import type { CloudPlan, OctaviaPlan } from "../../../environment/plan/types";
import { FROM_CONFIG_DRIVE, type CloudConfig, type LoadBalancerClassKeys } from "./cloud-config";

/** @param network Neutron's name of the servers' network */
export function controllerSections(
  { loadBalancers }: CloudPlan,
  network: string,
): Omit<CloudConfig, "Global"> {
  return {
    Networking: { "internal-network-name": network, "ipv6-support-disabled": true },
    // Without Octavia in the catalog it would end at once.
    LoadBalancer: loadBalancers.kind === "none" ? { enabled: false } : balancerKeys(loadBalancers),
    ...(loadBalancers.kind === "none" ? {} : { LoadBalancerClass: classes(loadBalancers) }),
    Metadata: FROM_CONFIG_DRIVE,
  };
}

/** OVN distributes by the connection's addresses and ports, and by nothing else. */
const METHODS = { amphora: "ROUND_ROBIN", ovn: "SOURCE_IP_PORT" } as const;

function balancerKeys(config: OctaviaPlan): NonNullable<CloudConfig["LoadBalancer"]> {
  const { kind, floatingIps, monitor, sharedBy } = config;
  return {
    enabled: true,
    "lb-provider": kind,
    "lb-method": METHODS[kind],
    "subnet-id": CLOUD_VALUES.subnetId.toString(),
    "network-id": CLOUD_VALUES.networkId.toString(),
    ...(floatingIps ? { "floating-network-id": CLOUD_VALUES.externalNetworkId.toString() } : {}),
    "internal-lb": !floatingIps,
    "create-monitor": monitor,
    // The nodes' groups and firewalls are the plan's; a group that it added to their ports would be taken off again.
    "manage-security-groups": false,
    "max-shared-lb": sharedBy,
  };
}

function classes({ classes: named }: OctaviaPlan): Readonly<Record<string, LoadBalancerClassKeys>> {
  return Object.fromEntries(
    Object.entries(named).map(([name, each]) => [
      name,
      {
        "floating-network-id": each.floatingNetworkId,
        "floating-subnet-id": each.floatingSubnetId,
        "network-id": each.networkId,
        "subnet-id": each.subnetId,
        "member-subnet-id": each.memberSubnetId,
      },
    ]),
  );
}
