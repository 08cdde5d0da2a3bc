/** What a project has in the cloud, held against the plan. */
import { contains, parseCidr } from "../../../environment/addresses";
import { apiOf } from "../../../environment/plan/api";
import { isNodeRole } from "../../../environment/plan/rolling";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { Expected, sorted, type Assigned } from "./expected";
import type { Inventory } from "./inventory";

/**
 * Everything that the plan decides is there, nothing else, and nothing twice.
 * @param assigned addresses of servers that Neutron chose, by key
 */
export function checkInventory(found: Inventory, plan: EnvironmentPlan, assigned: Assigned = {}): void {
  const expected = new Expected(plan, assigned);
  expect(found.doubled).toEqual([]);
  expect(found.servers).toEqual(expected.servers());
  const ports = Object.entries(expected.ports());
  for (const [name, port] of ports) expect({ name, ...found.ports[name] }).toMatchObject({ name, ...port });
  expect(serverPorts(found)).toEqual(plan.servers.map(({ name }) => name).sort());
  const { default: _own, ...groups } = found.groups;
  const listed = Object.entries(groups).map(([name, rules]) => [name, sorted(rules)]);
  expect(Object.fromEntries(listed)).toEqual(expected.groups());
  expect(found.server_groups).toEqual(expected.serverGroups());
  expect(found.volumes).toEqual(expected.volumes());
  expect(found.unnamed_volumes).toBe(plan.servers.filter((each) => each.bootVolume !== undefined).length);
  expect(found.floating_ips).toEqual(expected.floatingIps());
  expect(found.balancers).toEqual(expected.balancers());
  const credentials = Object.entries(found.credentials).sort(([a], [b]) => (a < b ? -1 : 1));
  expect(credentials).toEqual(expected.credentials());
  expect(found.containers).toEqual(expected.containers());
  expect(found.key_pairs).toEqual([plan.keyPair.name]);
  checkListeners(found);
  checkNetwork(found, plan);
  checkHosts(found);
}

/**
 * What stands at the API's door by the cloud's own records: Octavia's balancer lets in `from` and nobody else, every
 * node is among them, and an address for those outside is there or not.
 */
export function checkApiDoor(
  { balancers, servers, floating_ips }: Inventory,
  plan: EnvironmentPlan,
  { from, reachable }: { readonly from: readonly string[]; readonly reachable: boolean },
): void {
  const api = balancers[`${plan.environment}-api`];
  const doors = Object.entries(api?.listeners ?? {}).map(([port, listener]) => [port, listener.from]);
  expect(doors).toEqual([[String(apiOf(plan.cluster).port), from]]);
  const nodes = plan.servers.filter(({ role }) => isNodeRole(role));
  const outsiders = nodes
    .flatMap(({ name }) => servers[name]?.addresses ?? [])
    .filter((address) => !from.some((cidr) => contains(parseCidr(cidr), address)));
  expect(outsiders).toEqual([]);
  const outer = Object.values(floating_ips).filter(({ fixed }) => fixed === api?.vip);
  expect(outer).toHaveLength(reachable ? 1 : 0);
}

/** Octavia takes an empty list as everyone. */
function checkListeners({ balancers }: Inventory): void {
  const listeners = Object.values(balancers).flatMap((balancer) => Object.entries(balancer.listeners));
  expect(listeners.filter(([, { from }]) => from.length === 0)).toEqual([]);
}

/** What was there before is still the same thing, and has not been changed. */
export function checkUntouched(before: Inventory, after: Inventory): void {
  expect(after.marks).toMatchObject(before.marks);
}

/** Those that Nova has bound to a server. */
function serverPorts({ ports }: Inventory): readonly string[] {
  const bound = Object.entries(ports).filter(([, { owner }]) => owner.startsWith("compute:"));
  return bound.map(([name]) => name).sort();
}

function checkNetwork(found: Inventory, { network }: EnvironmentPlan): void {
  if (network.kind === "existing") return;
  expect(found.networks).toMatchObject({ [network.name]: { mtu: network.mtu } });
  const { cidr, gatewayIp: gateway, dnsNameservers: dns } = network;
  expect(found.subnets).toMatchObject({ [network.subnetName]: { cidr, gateway, dns } });
  expect(sorted(found.subnets[network.subnetName]?.pools ?? [])).toEqual(sorted(network.allocationPools));
  expect(found.routers).toEqual({
    [`${network.name}-router`]: { status: "ACTIVE", external: network.externalNetwork },
  });
}

/** Servers of a group that must be apart are. */
function checkHosts(found: Inventory): void {
  for (const { policies, members } of Object.values(found.server_groups)) {
    if (!policies.includes("anti-affinity")) continue;
    expect(new Set(members.map((name) => found.servers[name]?.host)).size).toBe(members.length);
  }
}
