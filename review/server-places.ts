/** What servers of a plan depend on: one server, one zone, and volumes that may be in another zone. */
import { finding, type Finding } from "../environment/findings";
import type { EnvironmentPlan, ServerPlan } from "../environment/plan/types";

type Role = ServerPlan["role"];

/** What is reached only through servers of a role. Control planes have a finding of their own. */
const CARRIES: Partial<Record<Role, string>> = {
  gateway: "what is reached through the gateways",
  loadBalancer: "what is reached through the load balancer",
  gluster: "the shared storage",
};

export function placeFindings(plan: EnvironmentPlan): readonly Finding[] {
  const roles = new Set(plan.servers.map(({ role }) => role));
  return [
    ...[...roles].flatMap((role) => {
      const servers = plan.servers.filter((each) => each.role === role);
      return [...alone(role, servers), ...inOneZone(role, servers, plan)];
    }),
    ...volumesWithoutZone(plan),
  ];
}

function alone(role: Role, servers: readonly ServerPlan[]): readonly Finding[] {
  const what = CARRIES[role];
  if (what === undefined || servers.length !== 1) return [];
  return [
    finding(
      "server.single",
      `servers.${role}.min`,
      `a single server carries ${what}, which is down while it is replaced`,
      "write 2 or more for a lab that people depend on",
    ),
  ];
}

/** Only where the environment itself names several zones, and the role has servers for them. */
function inOneZone(
  role: Role,
  servers: readonly ServerPlan[],
  { servers: all }: EnvironmentPlan,
): readonly Finding[] {
  const [zone, ...others] = zonesOf(servers);
  const isNeeded = role === "controlPlane" || CARRIES[role] !== undefined;
  if (!isNeeded || servers.length < 2 || zone === undefined || others.length > 0) return [];
  const known = zonesOf(all);
  if (known.length < 2) return [];
  return [
    finding(
      "server.one-zone",
      `servers.${role}.availabilityZones`,
      `puts all ${String(servers.length)} servers into ${zone}, and the environment has ${known.join(", ")}`,
      "list several zones, or leave the key out to have those of the environment",
    ),
  ];
}

/** Boot volumes are made by Nova, in the zone of their servers. */
function volumesWithoutZone({ servers, volumes }: EnvironmentPlan): readonly Finding[] {
  const placed = new Map(
    servers.flatMap(({ key, availabilityZone }) =>
      availabilityZone === undefined ? [] : [[key, availabilityZone]],
    ),
  );
  const loose = volumes.filter(({ server, availabilityZone }) => {
    const zone = placed.get(server);
    return zone !== undefined && zone !== availabilityZone;
  });
  if (loose.length === 0) return [];
  const zones = [...new Set(loose.flatMap(({ server }) => placed.get(server) ?? []))].sort();
  return [
    finding(
      "volume.zone",
      "volumeZones",
      `leaves the zones of volumes to Cinder (${String(loose.length)} here), and their servers are in ${zones.join(", ")}`,
      "write server, or accept this where every server can attach volumes of every zone",
    ),
  ];
}

function zonesOf(servers: readonly ServerPlan[]): readonly string[] {
  return [...new Set(servers.flatMap(({ availabilityZone }) => availabilityZone ?? []))].sort();
}
