/** Which thing of the cloud is which resource of the program. */
import type { InfraResource } from "../../infra/types";
import { keys } from "../../infra/keys";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { text } from "../../provider-protocol/plain";
import type { Sources } from "./environment";
import { matchGroups, type Pair } from "./match-groups";
import { serverGroupOf } from "./place";
import { placedServers } from "./placed-servers";
import type { PoolKey } from "./roles";
import type { PoolVolume } from "./volumes";

/** Ids by key of the program. */
export type Matches = ReadonlyMap<string, string>;

export function matchAll(
  sources: Sources,
  plan: EnvironmentPlan,
  infra: readonly InfraResource[],
  volumes: ReadonlyMap<PoolKey, readonly PoolVolume[]>,
): Matches {
  const found = new Map([
    ...networkMatches(sources),
    ...keyPairMatch(plan, sources),
    ...serverMatches(sources),
    ...volumeMatches(sources, volumes),
    ...floatingIpMatches(sources),
    ...serverGroupMatches(sources),
    ...matchGroups(sources, plan, infra),
  ]);
  const described = new Set(infra.map(({ key }) => key));
  return new Map([...found].filter(([key, id]) => described.has(key) && id !== ""));
}

function networkMatches({ place, addressing }: Sources): readonly Pair[] {
  if (addressing.kind === "assigned") return [];
  return [
    [keys.network, text(place.network, "id")],
    [keys.subnet, text(place.subnet, "id")],
    [keys.router, text(place.router, "id")],
    [keys.routerInterface, text(place.routerInterface, "id")],
  ];
}

/** A key pair's id is its name. */
function keyPairMatch({ keyPair }: EnvironmentPlan, { found }: Sources): readonly Pair[] {
  if (keyPair.kind === "existing") return [];
  const own = found.listing.keyPair.find((each) => text(each, "public_key").trim() === keyPair.publicKey);
  return [[keys.keyPair, text(own, "name")]];
}

function serverMatches(sources: Sources): readonly Pair[] {
  return placedServers(sources).flatMap(({ key, id, port }) => [
    [keys.server(key), id] as const,
    [keys.serverPort(key), text(port, "id")] as const,
  ]);
}

function volumeMatches(
  sources: Sources,
  volumes: ReadonlyMap<PoolKey, readonly PoolVolume[]>,
): readonly Pair[] {
  return placedServers(sources).flatMap(({ key, id, pool, index }) =>
    (volumes.get(pool) ?? []).flatMap((volume) => {
      const own = volume.ids[index] ?? "";
      const name = `${key}/${volume.name}`;
      return [[keys.volume(name), own] as const, [keys.attachment(name), `${id}/${own}`] as const];
    }),
  );
}

/** An association has the id of its floating IP. */
function floatingIpMatches(sources: Sources): readonly Pair[] {
  const byPort = new Map(
    sources.found.listing.floatingIp.map((each) => [text(each, "port_id"), text(each, "id")]),
  );
  return placedServers(sources).flatMap(({ key, port }) => {
    const id = byPort.get(text(port, "id")) ?? "";
    return [keys.floatingIp, keys.association].map((keyOf) => [keyOf(`server/${key}`), id] as const);
  });
}

function serverGroupMatches({ pools, found }: Sources): readonly Pair[] {
  return [...pools].map(([pool, servers]) => [
    keys.serverGroup(pool),
    text(serverGroupOf(servers, found), "id"),
  ]);
}
