/** The environment of an existing lab, as far as it can be inferred. */
import type { AddressRange } from "../../environment/addresses";
import { dnsLabel } from "../../environment/schema/primitives";
import type { PlainMap, PlainValue } from "../../provider-protocol";
import { inner, text, texts } from "../../provider-protocol/plain";
import { roleOf, type Addressing } from "./addressing";
import { mostFrequent, type FoundProject } from "./found";
import { serverGroupOf, type PlacedServer, type Place, type Pools } from "./place";
import type { PoolKey } from "./roles";
import type { Assumption, Unplaced } from "./unplaced";
import { volumesOf, type PoolVolume } from "./volumes";

/** What is known of a lab before its environment is written. */
export interface Sources {
  readonly stack: string;
  readonly domain: string | undefined;
  readonly found: FoundProject;
  readonly place: Place;
  readonly pools: Pools;
  readonly addressing: Addressing;
}

export interface InferredEnvironment {
  /** `labstead:environment`, before it is checked. */
  readonly environment: PlainMap;
  readonly assumptions: readonly Assumption[];
  readonly unplaced: readonly Unplaced[];
  /** Volumes by pool. */
  readonly volumes: ReadonlyMap<PoolKey, readonly PoolVolume[]>;
}

export function environmentOf(sources: Sources): InferredEnvironment {
  const { stack, domain, pools } = sources;
  const servers = [...pools].map(([pool, members]) => [pool, poolConfig(pool, members, sources)] as const);
  const image = mostFrequent(
    [...pools.values()]
      .flat()
      .map((each) => imageOf(each, sources.found))
      .filter((each) => each !== ""),
  );
  const ssh = sshSources(sources);
  const controlPlanes = pools.get("controlPlane")?.length ?? 0;
  const environment: PlainMap = {
    domain: domain ?? `${stack}.example.org`,
    image: image ?? "unknown",
    network: networkConfig(sources),
    keyPair: keyPairConfig(sources),
    access: { kind: "bastion", operator: { kind: "tunnel" }, ssh: { from: ssh } },
    servers: nested(servers.map(([pool, { config }]) => [pool, config])),
    cluster: { kind: "own", api: apiConfig(controlPlanes, pools.has("gateway")) },
    edge: pools.has("loadBalancer") ? { kind: "haproxy" } : { kind: "none" },
    ingress: { kind: "traefik" },
  };
  return {
    environment,
    assumptions: assumptions(sources, environment),
    unplaced: servers.flatMap(([, { unplaced }]) => unplaced),
    volumes: new Map(servers.map(([pool, { volumes }]) => [pool, volumes])),
  };
}

function apiConfig(controlPlanes: number, hasGateway: boolean): PlainMap {
  if (controlPlanes === 1) return { kind: "direct" };
  return { kind: hasGateway ? "haproxy" : "octavia" };
}

/** Pools below their role: `workers.general` is `workers: { general }`. */
function nested(pools: readonly (readonly [PoolKey, PlainMap])[]): PlainMap {
  const single = pools.filter(([pool]) => !pool.includes("."));
  const workers = pools.flatMap(([pool, config]) =>
    pool.startsWith("workers.") ? [[pool.slice(8), config] as const] : [],
  );
  return {
    ...Object.fromEntries(single),
    ...(workers.length === 0 ? {} : { workers: Object.fromEntries(workers) }),
  };
}

function networkConfig({ found, place, addressing }: Sources): PlainMap {
  const { network, subnet, router } = place;
  const gateway = text(inner(router ?? {}, "external_gateway_info"), "network_id");
  const external = found.otherNetworks.find((each) => text(each, "id") === gateway);
  const common = {
    cidr: text(subnet, "cidr"),
    mtu: network["mtu"] ?? 1500,
    ...(external === undefined ? {} : { externalNetwork: text(external, "name") }),
  };
  if (addressing.kind === "planned")
    return {
      kind: "managed",
      ...common,
      ...(external === undefined ? {} : { externalNetworkId: gateway }),
      dnsNameservers: texts(subnet, "dns_nameservers"),
      ranges: plainRanges(addressing.ranges),
    };
  return {
    kind: "existing",
    ...common,
    name: text(network, "name"),
    subnet: text(subnet, "name"),
    // Neutron has chosen the addresses, so the program must not plan them.
    shared: true,
    ids: { network: text(network, "id"), subnet: text(subnet, "id") },
  };
}

function plainRanges(ranges: Readonly<Record<string, AddressRange>>): PlainMap {
  return Object.fromEntries(Object.entries(ranges).map(([role, { start, end }]) => [role, { start, end }]));
}

function keyPairConfig({ found, pools }: Sources): PlainMap {
  const name = mostFrequent(
    [...pools.values()]
      .flat()
      .map(({ server }) => text(server, "key_name"))
      .filter((each) => each !== ""),
  );
  const own = found.listing.keyPair.find((each) => text(each, "name") === name);
  const publicKey = text(own, "public_key").trim();
  return publicKey === "" ? { kind: "existing", name: name ?? "unknown" } : { kind: "managed", publicKey };
}

/** Networks that may reach port 22 of the bastion. */
function sshSources({ found, pools, place }: Sources): readonly string[] {
  const groups = new Set((pools.get("bastion") ?? []).flatMap(({ port }) => texts(port, "security_groups")));
  const from = found.listing.rule
    .filter((rule) => groups.has(text(rule, "security_group_id")) && text(rule, "direction") === "ingress")
    .filter((rule) => rule["port_range_min"] === 22 && text(rule, "protocol") === "tcp")
    .map((rule) => text(rule, "remote_ip_prefix"))
    .filter((cidr) => cidr !== "" && !cidr.includes(":"));
  return from.length > 0 ? [...new Set(from)].sort() : [text(place.subnet, "cidr")];
}

interface PoolResult {
  readonly config: PlainMap;
  readonly volumes: readonly PoolVolume[];
  readonly unplaced: readonly Unplaced[];
}

function poolConfig(pool: PoolKey, servers: readonly PlacedServer[], sources: Sources): PoolResult {
  const { found, addressing, pools } = sources;
  const slots = addressing.slots.get(pool) ?? [];
  const flavor = mostFrequent(servers.map((each) => flavorOf(each, found))) ?? "";
  const image = mostFrequent(servers.map((each) => imageOf(each, found)).filter((each) => each !== ""));
  const { volumes, bootGiB, unplaced } = volumesOf(servers, found.listing.volume);
  const size = Math.max(...slots) + 1;
  const part = addressing.kind === "planned" ? addressing.parts.get(pool) : undefined;
  const isOneOfSeveral = [...pools.keys()].filter((each) => roleOf(each) === "workers").length > 1;
  const removed = Array.from({ length: size }, (_, slot) => slot).filter((slot) => !slots.includes(slot));
  const overrides = servers.map((each, index) => [
    String(slots[index] ?? 0),
    {
      name: each.name,
      ...(flavorOf(each, found) === flavor ? {} : { flavor: flavorOf(each, found) }),
      ...(imageOf(each, found) === (image ?? "") ? {} : { image: imageOf(each, found) }),
    },
  ]);
  const config: PlainMap = {
    flavor,
    min: size,
    ...(removed.length === 0 ? {} : { removed }),
    antiAffinity: antiAffinity(servers, found),
    ...(image === undefined ? {} : { image }),
    ...(hasFloatingIps(servers, found) ? { floatingIp: true } : {}),
    ...(bootGiB === undefined ? {} : { bootVolume: { size: `${String(bootGiB)}Gi` } }),
    ...(volumes.length === 0 ? {} : { volumes: Object.fromEntries(volumes.map(volumeConfig)) }),
    ...(isOneOfSeveral && part !== undefined ? { range: { ...part } } : {}),
    overrides: Object.fromEntries(overrides.filter(([, each]) => isLegal(each))) as PlainMap,
  };
  return { config, volumes, unplaced };
}

/** A name that an environment cannot have stays as it is, among what the adoption keeps. */
function isLegal(override: string | PlainMap | undefined): boolean {
  return typeof override === "object" && dnsLabel.safeParse(text(override, "name")).success;
}

function volumeConfig({ name, sizeGiB, type }: PoolVolume): readonly [string, PlainValue] {
  return [name, { size: `${String(sizeGiB)}Gi`, ...(type === "" ? {} : { type }), use: { kind: "raw" } }];
}

export function flavorOf({ server }: PlacedServer, { flavors }: FoundProject): string {
  const id = text(inner(server, "flavor"), "id");
  return flavors.get(id) ?? id;
}

/** Empty for a server that boots from a volume. */
function imageOf({ server }: PlacedServer, { images }: FoundProject): string {
  const id = text(inner(server, "image"), "id");
  return images.get(id) ?? id;
}

/** All servers of the pool have one. */
function hasFloatingIps(servers: readonly PlacedServer[], { listing }: FoundProject): boolean {
  const led = new Set(listing.floatingIp.map((each) => text(each, "port_id")));
  return servers.every(({ port }) => led.has(text(port, "id")));
}

function antiAffinity(servers: readonly PlacedServer[], found: FoundProject): string {
  const policies = texts(serverGroupOf(servers, found) ?? {}, "policies");
  if (policies.includes("anti-affinity")) return "hard";
  return policies.includes("soft-anti-affinity") ? "soft" : "none";
}

function assumptions({ domain, addressing }: Sources, environment: PlainMap): readonly Assumption[] {
  const access = inner(environment, "access");
  return [
    ...(domain === undefined
      ? [
          {
            setting: "domain",
            assumed: text(environment, "domain"),
            why: "no service of OpenStack knows it; --domain sets it",
          },
        ]
      : []),
    ...(addressing.kind === "assigned"
      ? [
          {
            setting: "network.kind",
            assumed: "existing",
            why: `${addressing.why}; the network itself is not adopted`,
          },
        ]
      : []),
    {
      setting: "access.ssh.from",
      assumed: texts(inner(access, "ssh"), "from").join(", "),
      why: "sources of the rules for port 22 of the bastion",
    },
    {
      setting: "cluster, ingress, volumes.*.use",
      assumed: "the cluster that the program would make; raw",
      why: "what is on servers and disks cannot be seen from OpenStack",
    },
  ];
}
