/** Availability zones that mean something else than one thinks. */
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { poolsOf } from "../plan/slots";

/**
 * What Nova calls the zone of hosts that are in none (`default_availability_zone`). Asked for by name it holds a server
 * to nothing: it may start in a real zone, which then differs from what was asked for, and the next refresh and `up`
 * would replace it (seen with Nova of OpenStack Zed).
 */
const NO_ZONE = "nova";

export function checkZones(config: OwnerConfig): readonly Finding[] {
  const pools = poolsOf(config.servers).map(({ path, config: pool }) => [path, pool] as const);
  const applications = Object.entries(config.servers.applicationServers).map(
    ([name, server]) => [`servers.applicationServers.${name}`, server] as const,
  );
  const lists = [
    ["availabilityZones", config.availabilityZones] as const,
    ...[...pools, ...applications].map(
      ([path, { availabilityZones }]) => [`${path}.availabilityZones`, availabilityZones] as const,
    ),
  ];
  return lists
    .filter(([, zones = []]) => zones.includes(NO_ZONE))
    .map(([path]) =>
      finding(
        "server.zone",
        path,
        `"${NO_ZONE}" is Nova's name for hosts without a zone, and pins a server to none`,
        "leave it out, so that Nova chooses; or name a real zone of `openstack availability zone list`",
      ),
    );
}
