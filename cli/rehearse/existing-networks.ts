/** Existing networks of an environment: the built-in cloud has them before the first `up`. */
import type { EnvironmentPlan } from "../../environment/plan/types";
import type { ExistingNetwork } from "../../rehearsal/cloud";

export function existingNetworks(plans: readonly EnvironmentPlan[]): readonly ExistingNetwork[] {
  return plans.flatMap(({ cluster, network }) => {
    if (cluster.kind !== "own") return [];
    const { ids, name, subnetName, cidr, externalNetwork } = network;
    const external = {
      name: externalNetwork,
      external: true,
      ...(ids.external === undefined ? {} : { id: ids.external }),
    };
    if (network.kind === "managed") return [external];
    const subnet = { name: subnetName, cidr, ...(ids.subnet === undefined ? {} : { id: ids.subnet }) };
    return [external, { name, subnets: [subnet], ...(ids.network === undefined ? {} : { id: ids.network }) }];
  });
}
