/** The volumes of a pool: what all of its servers have, by position. */
import { isMadeByCluster } from "../../openstack-api/cluster-made";
import type { PlainMap } from "../../provider-protocol";
import { maps, text } from "../../provider-protocol/plain";
import type { PlacedServer } from "./place";
import type { Unplaced } from "./unplaced";

/** One volume of each server of a pool. */
export interface PoolVolume {
  /** Key in the environment: `data`, `data1`, … */
  readonly name: string;
  readonly sizeGiB: number;
  readonly type: string;
  /** Cinder's ids, in the order of the servers. */
  readonly ids: readonly string[];
}

export interface PoolVolumes {
  readonly volumes: readonly PoolVolume[];
  /** GiB of the disk that each server boots from, where that is a volume. */
  readonly bootGiB?: number;
  readonly unplaced: readonly Unplaced[];
}

export function volumesOf(servers: readonly PlacedServer[], all: readonly PlainMap[]): PoolVolumes {
  const own = servers.map(({ id }) => attachedTo(id, all));
  const boots = own.map((each) => each.find(isBoot)).filter((each) => each !== undefined);
  const data = own.map((each) => each.filter((volume) => !isBoot(volume)));
  const volumes: PoolVolume[] = [];
  for (let position = 0; ; position++) {
    const row = data.map((each) => each[position]).filter((each) => each !== undefined);
    const [first] = row;
    if (first === undefined || row.length < servers.length || !row.every((each) => isLike(each, first)))
      break;
    volumes.push({
      name: position === 0 ? "data" : `data${String(position)}`,
      sizeGiB: Number(first["size"]),
      type: text(first, "volume_type"),
      ids: row.map((each) => text(each, "id")),
    });
  }
  const rest = data.flatMap((each) => each.slice(volumes.length));
  const bootGiB =
    boots.length === servers.length ? Math.max(...boots.map((each) => Number(each["size"]))) : 0;
  return { volumes, ...(bootGiB > 0 ? { bootGiB } : {}), unplaced: rest.map(uneven) };
}

/** Without those of the cluster, in the order of their devices. */
function attachedTo(server: string, all: readonly PlainMap[]): readonly PlainMap[] {
  const device = (volume: PlainMap): string =>
    text(
      maps(volume, "attachments").find((each) => text(each, "server_id") === server),
      "device",
    );
  return all
    .filter(
      (each) =>
        !isMadeByCluster("volume", each) &&
        maps(each, "attachments").some((at) => text(at, "server_id") === server),
    )
    .sort((a, b) => (device(a) < device(b) ? -1 : 1));
}

function isBoot(volume: PlainMap): boolean {
  return (
    text(volume, "bootable") === "true" &&
    maps(volume, "attachments").some((each) => /^\/dev\/\wda$/.test(text(each, "device")))
  );
}

function isLike(one: PlainMap, other: PlainMap): boolean {
  return one["size"] === other["size"] && text(one, "volume_type") === text(other, "volume_type");
}

function uneven(volume: PlainMap): Unplaced {
  return {
    ...{ kind: "volume", name: text(volume, "name"), id: text(volume, "id") },
    why: "not every server of the pool has one of this size and type at this position",
    way: "give its server a pool of its own: --role '<server>=workers.<pool>'",
  };
}
