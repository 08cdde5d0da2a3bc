/**
 * Divides objects among a fixed number of sets, so that a change of one owner changes one set. The number must never
 * change: with another one nearly every object would be in another set, which deletes and recreates it.
 */
import { createHash } from "node:crypto";

/** Sets among which the objects of owners are divided. */
export const SHARDS = 16;

/** The shard of an owner, from 0: depends only on the owner's name. */
export function shardOf(owner: string, shards: number = SHARDS): number {
  return createHash("sha256").update(owner, "utf8").digest().readUInt32BE(0) % shards;
}

/** Objects without an owner, which those of owners may need, and those of each shard. */
export interface Sharded<Each> {
  readonly common: readonly Each[];
  /** One list for each shard, also for an empty one. */
  readonly shards: readonly (readonly Each[])[];
}

/** @param ownerOf undefined for shared objects, such as a Namespace for all */
export function sharded<Each>(
  objects: readonly Each[],
  ownerOf: (object: Each) => string | undefined,
  shards: number = SHARDS,
): Sharded<Each> {
  const common: Each[] = [];
  const divided: Each[][] = Array.from({ length: shards }, () => []);
  for (const object of objects) {
    const owner = ownerOf(object);
    if (owner === undefined) common.push(object);
    else divided[shardOf(owner, shards)]?.push(object);
  }
  return { common, shards: divided };
}
