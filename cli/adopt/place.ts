/** The network of a lab, and its servers there by pool. */
import { toNumber } from "../../environment/addresses";
import type { PlainMap } from "../../provider-protocol";
import { text, texts } from "../../provider-protocol/plain";
import { UserError } from "../shared/failure";
import { addressIn, mostFrequent, type FoundProject } from "./found";
import { poolOf, type PoolKey, type RoleChoice } from "./roles";
import type { Unplaced } from "./unplaced";

/** A server of a pool. */
export interface PlacedServer {
  readonly server: PlainMap;
  readonly id: string;
  readonly name: string;
  readonly port: PlainMap;
  readonly address: string;
}

export interface Place {
  readonly network: PlainMap;
  readonly subnet: PlainMap;
  /** Whether the network belongs to the project. */
  readonly isOwn: boolean;
  /** Of an own network. */
  readonly router?: PlainMap;
  readonly routerInterface?: PlainMap;
}

/** Servers by pool, each in the order of their addresses. */
export type Pools = ReadonlyMap<PoolKey, readonly PlacedServer[]>;

/** @param named a network's name or id; needed if servers are in several. @throws UserError if it is not clear which one */
export function placeOf({ listing, otherNetworks, otherSubnets }: FoundProject, named?: string): Place {
  const serverPorts = listing.port.filter((port) => text(port, "device_owner").startsWith("compute:"));
  const used = new Set(serverPorts.map((port) => text(port, "network_id")));
  const all = [...listing.network, ...otherNetworks];
  const candidates = all.filter((each) =>
    named === undefined ? used.has(text(each, "id")) : [text(each, "id"), text(each, "name")].includes(named),
  );
  const [network, second] = candidates;
  if (network === undefined)
    throw new UserError(
      named === undefined
        ? "the project has no server in a network"
        : `--network ${named}: there is no such network`,
    );
  if (second !== undefined)
    throw new UserError(
      `servers are in several networks; name one with --network: ${candidates.map((each) => `${text(each, "name")} (${text(each, "id")})`).join(", ")}`,
    );
  const id = text(network, "id");
  const subnet = subnetOf([...listing.subnet, ...otherSubnets], serverPorts, network);
  const isOwn = listing.network.some((each) => text(each, "id") === id);
  const routerInterface = listing.port.find(
    (port) =>
      text(port, "device_owner").startsWith("network:router_interface") &&
      addressIn(port, text(subnet, "id")) !== "",
  );
  const router = listing.router.find((each) => text(each, "id") === text(routerInterface, "device_id"));
  if (router === undefined || routerInterface === undefined) return { network, subnet, isOwn };
  return { network, subnet, isOwn, router, routerInterface };
}

/** The IPv4 subnet that most servers have their addresses in. */
function subnetOf(subnets: readonly PlainMap[], ports: readonly PlainMap[], network: PlainMap): PlainMap {
  const own = subnets.filter(
    (each) => text(each, "network_id") === text(network, "id") && each["ip_version"] === 4,
  );
  const used = ports.flatMap((port) =>
    own.flatMap((each) => (addressIn(port, text(each, "id")) === "" ? [] : [text(each, "id")])),
  );
  const id = mostFrequent(used);
  const found = own.find((each) => text(each, "id") === id) ?? own[0];
  if (found === undefined) throw new UserError(`network ${text(network, "name")} has no IPv4 subnet`);
  return found;
}

/** The server group that has all of the servers. */
export function serverGroupOf(
  servers: readonly PlacedServer[],
  { listing }: FoundProject,
): PlainMap | undefined {
  return listing.serverGroup.find((group) => servers.every(({ id }) => texts(group, "members").includes(id)));
}

/** Servers by pool, and those that have none. */
export function poolsIn(
  { listing }: FoundProject,
  { subnet }: Place,
  choices: readonly RoleChoice[],
): { readonly pools: Pools; readonly unplaced: readonly Unplaced[] } {
  const pools = new Map<PoolKey, PlacedServer[]>();
  const unplaced: Unplaced[] = [];
  for (const server of listing.server) {
    const [id, name] = [text(server, "id"), text(server, "name")];
    const ports = listing.port.filter((each) => text(each, "device_id") === id);
    const port = ports.find((each) => addressIn(each, text(subnet, "id")) !== "");
    const pool = poolOf(name, choices);
    if (port === undefined)
      unplaced.push({
        ...{ kind: "server", name, id, why: `it has no address in the subnet ${text(subnet, "name")}` },
        way: "adopt its network as another environment, or let it stay as it is",
      });
    else if (pool === undefined)
      unplaced.push({
        ...{ kind: "server", name, id, why: "its name says no role" },
        way: `say its role: --role '${name}=workers.general'`,
      });
    else {
      const placed = { server, id, name, port, address: addressIn(port, text(subnet, "id")) };
      pools.set(pool, [...(pools.get(pool) ?? []), placed]);
      for (const other of ports.filter((each) => each !== port))
        unplaced.push({
          ...{ kind: "port", name: text(other, "name") || name, id: text(other, "id") },
          why: `a second port of ${name}`,
          way: "it stays on the server; an environment has one port for each server",
        });
    }
  }
  const inOrder = [...pools].map(
    ([pool, servers]) => [pool, servers.sort((a, b) => toNumber(a.address) - toNumber(b.address))] as const,
  );
  return { pools: new Map(inOrder.sort(([a], [b]) => (a < b ? -1 : 1))), unplaced };
}
