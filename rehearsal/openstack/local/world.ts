/** All that exists in the local cloud, with indices so that no operation looks through everything. */
import { join } from "node:path";

import { Journal } from "../../journal";
import { REFERENCES } from "../references";
import type { OnDelete } from "../references";
import { SUBNET } from "../../../openstack-api/resources/tokens";
import { AddressSpace, cidrRange } from "./address-space";
import type { Range } from "./address-space";
import { uuid } from "./identity";
import { FLOATING, keyOf } from "./record";
import { maps, text, textsAt } from "../../../provider-protocol/plain";
import type { CloudRecord, Held } from "./record";

/** Addresses for documentation (RFC 5737), which are not routed. */
const FLOATING_POOLS: readonly Range[] = [
  { start: "203.0.113.2", end: "203.0.113.254" },
  { start: "198.51.100.2", end: "198.51.100.254" },
];

/** Another resource that names a record. */
export interface User {
  readonly record: CloudRecord;
  readonly onDelete: OnDelete;
}

export class World {
  readonly #records: Journal<CloudRecord>;
  /** How many resources were ever made for a URN: the same URN again gets a new id. */
  readonly #made: Journal<number>;
  readonly #byType = new Map<string, Map<string, CloudRecord>>();
  readonly #byName = new Map<string, Map<string, CloudRecord>>();
  /** By what is named, by the type that names it. */
  readonly #users = new Map<string, Map<string, Map<string, OnDelete>>>();
  readonly #owned = new Map<string, Set<string>>();
  readonly #spaces = new Map<string, AddressSpace>();

  /** @param directory of the cloud's files */
  constructor(directory: string) {
    this.#records = new Journal(join(directory, "openstack.jsonl"));
    this.#made = new Journal(join(directory, "openstack-ids.jsonl"));
    this.#spaces.set(FLOATING, new AddressSpace(cidrRange("0.0.0.0/0"), FLOATING_POOLS));
    const records = [...this.#records.entries()].map(([, record]) => record);
    for (const record of records) this.#openSpace(record);
    for (const record of records) this.#index(record);
  }

  /** A new id for a URN: it follows from the URN and from how often the URN was made before. */
  newId(urn: string): string {
    const count = (this.#made.get(urn) ?? 0) + 1;
    this.#made.set(urn, count);
    return uuid(urn, String(count));
  }

  get(type: string, id: string): CloudRecord | undefined {
    return this.#records.get(keyOf(type, id));
  }

  /** @throws as the cloud does for an id that it does not know */
  require(type: string, id: string): CloudRecord {
    const record = this.get(type, id);
    if (record === undefined)
      throw new Error(`404 NotFound: ${type.split(":").at(-1) ?? type} ${id} could not be found.`);
    return record;
  }

  ofType(type: string): Iterable<CloudRecord> {
    return this.#byType.get(type)?.values() ?? [];
  }

  /** All of a type with this name: OpenStack allows a name many times. */
  named(type: string, name: string): readonly CloudRecord[] {
    return [...(this.#byName.get(keyOf(type, name))?.values() ?? [])];
  }

  /** Everything that names a record, or only what is of one type: a network has thousands of ports and one subnet. */
  users(type: string, id: string, ofType?: string): readonly User[] {
    const byType = this.#users.get(keyOf(type, id));
    const chosen =
      ofType === undefined
        ? [...(byType?.values() ?? [])]
        : [byType?.get(ofType) ?? new Map<string, OnDelete>()];
    return chosen
      .flatMap((users) => [...users])
      .flatMap(([key, onDelete]) => {
        const record = this.#records.get(key);
        return record === undefined ? [] : [{ record, onDelete }];
      });
  }

  put(record: CloudRecord): void {
    const key = keyOf(record.type, record.id);
    const earlier = this.#records.get(key);
    if (earlier !== undefined) this.#unindex(earlier);
    this.#records.set(key, record);
    this.#openSpace(record);
    this.#index(record);
  }

  /** Removes a record, what it owns, and its addresses. */
  remove(record: CloudRecord): void {
    const key = keyOf(record.type, record.id);
    for (const owned of [...(this.#owned.get(key) ?? [])]) {
      const child = this.#records.get(owned);
      if (child !== undefined) this.remove(child);
    }
    this.#unindex(record);
    this.#records.delete(key);
    if (record.type === SUBNET) this.#spaces.delete(record.id);
  }

  /** The addresses of a subnet or of {@link FLOATING}. */
  space(name: string): AddressSpace {
    const space = this.#spaces.get(name);
    if (space === undefined) throw new Error(`404 SubnetNotFound: Subnet ${name} could not be found.`);
    return space;
  }

  release(held: readonly Held[]): void {
    for (const { space, address } of held) this.#spaces.get(space)?.release(address);
  }

  close(): void {
    this.#records.close();
    this.#made.close();
  }

  #openSpace({ type, id, outputs }: CloudRecord): void {
    const cidr = text(outputs, "cidr");
    if (type !== SUBNET || cidr === "") return;
    const pools = maps(outputs, "allocationPools").map((pool) => ({
      start: text(pool, "start"),
      end: text(pool, "end"),
    }));
    const known = this.#spaces.get(id);
    if (known === undefined) this.#spaces.set(id, new AddressSpace(cidrRange(cidr), pools));
    else known.offer(pools);
  }

  #index(record: CloudRecord): void {
    const key = keyOf(record.type, record.id);
    entry(this.#byType, record.type, () => new Map<string, CloudRecord>()).set(record.id, record);
    const name = text(record.outputs, "name");
    if (name !== "")
      entry(this.#byName, keyOf(record.type, name), () => new Map<string, CloudRecord>()).set(
        record.id,
        record,
      );
    if (record.owner !== "") entry(this.#owned, record.owner, () => new Set<string>()).add(key);
    for (const [target, onDelete] of targets(record)) {
      const byType = entry(this.#users, target, () => new Map<string, Map<string, OnDelete>>());
      entry(byType, record.type, () => new Map<string, OnDelete>()).set(key, onDelete);
    }
    for (const { space, address } of record.addresses) this.#spaces.get(space)?.hold(address, key);
  }

  #unindex(record: CloudRecord): void {
    const key = keyOf(record.type, record.id);
    this.#byType.get(record.type)?.delete(record.id);
    this.#byName.get(keyOf(record.type, text(record.outputs, "name")))?.delete(record.id);
    this.#owned.get(record.owner)?.delete(key);
    for (const [target] of targets(record)) this.#users.get(target)?.get(record.type)?.delete(key);
    this.release(record.addresses);
  }
}

/** Keys of what a record names. If it names one thing twice, what is stricter counts. */
function targets(record: CloudRecord): ReadonlyMap<string, OnDelete> {
  const found = new Map<string, OnDelete>();
  for (const { path, to, onDelete } of REFERENCES[record.type] ?? []) {
    for (const id of textsAt(record.inputs, path)) {
      const key = keyOf(to, id);
      if (found.get(key) !== "blocks") found.set(key, onDelete);
    }
  }
  return found;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
