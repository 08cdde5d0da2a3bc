import { containsCidr, overlaps, parseCidr } from "../addresses";
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { checkRanges } from "../plan/ranges";

/** The networks of one environment: the subnet with its ranges, pods, services and the tunnel. */
export function checkNetwork(config: OwnerConfig): readonly Finding[] {
  return [...checkRanges(config.network), ...checkOverlaps(config)];
}

function checkOverlaps(config: OwnerConfig): Finding[] {
  const networks = environmentNetworks(config);
  return networks.flatMap(([path, cidr], index) =>
    networks
      .slice(index + 1)
      .filter(([, other]) => overlaps(parseCidr(cidr), parseCidr(other)))
      .map(([otherPath, other]) =>
        finding(
          "network.overlap",
          otherPath,
          `"${other}" shares addresses with ${path} (${cidr})`,
          "choose another network",
        ),
      ),
  );
}

/** Networks that must not overlap, because one machine routes to all of them. */
export function environmentNetworks(config: OwnerConfig): readonly (readonly [path: string, cidr: string])[] {
  return [
    ["network.cidr", config.network.cidr],
    ["cluster.podCidr", config.cluster.podCidr],
    ["cluster.serviceCidr", config.cluster.serviceCidr],
    ...(config.access.kind === "bastion"
      ? []
      : [["access.wireguard.cidr", config.access.wireguard.cidr] as const]),
  ];
}

/** True where `cidr` is the whole internet or half of it. */
export function isWorld(cidr: string): boolean {
  return (
    containsCidr(parseCidr(cidr), parseCidr("0.0.0.0/1")) ||
    containsCidr(parseCidr(cidr), parseCidr("128.0.0.0/1"))
  );
}
