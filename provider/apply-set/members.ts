/** Finds the members of a set in the cluster, and maintains the record by which a later run finds them. */
import { entryKey, parseEntryKey, parseGroupKind } from "./entries";
import type { SetTarget } from "./apply-object";
import { fieldManager, memberLabel, readRecord, recordOf, recordRef, scopeOf, unitedScope } from "./identity";
import type { RecordedScope } from "./identity";
import { ApiRefusal } from "./objects";
import type { LiveObject } from "./objects";
import { inParallel } from "../../provider-protocol/parallel";

/** Kinds that are listed at the same time. */
const LISTINGS = 4;

const NOWHERE: RecordedScope = { kinds: [], namespaces: [] };

export class Members {
  /** As in the cluster; undefined before it was read. */
  #recorded: RecordedScope | undefined;

  constructor(private readonly target: SetTarget) {}

  /** Content of the record in the cluster; undefined if there is no record: the set was never applied. */
  async recorded(): Promise<RecordedScope | undefined> {
    const { api, set, signal } = this.target;
    const record = await api.get(recordRef(set), signal);
    this.#recorded = record === undefined ? undefined : readRecord(record, set);
    return this.#recorded;
  }

  /** Before anything is applied: the record names all existing and new members. */
  async announce(keys: Iterable<string>): Promise<void> {
    await this.write(unitedScope(this.#recorded ?? NOWHERE, scopeOfKeys(keys)));
  }

  /** At the end: the record names the existing members. */
  async settle(keys: Iterable<string>): Promise<void> {
    await this.write(scopeOfKeys(keys));
  }

  /** Removes the record, as the last step. */
  async forget(): Promise<void> {
    const { api, set, signal } = this.target;
    const record = await api.find(recordRef(set), signal);
    if (record !== undefined) await api.delete(record, record.uid, signal);
  }

  /**
   * Members with the label of the set, by entry key.
   * @param keys whose kinds and namespaces are searched in addition to those of the record
   */
  async list(keys: Iterable<string>): Promise<ReadonlyMap<string, LiveObject>> {
    const { api, set, signal } = this.target;
    const { kinds, namespaces } = unitedScope(this.#recorded ?? NOWHERE, scopeOfKeys(keys));
    const found = new Map<string, LiveObject>();
    await inParallel(kinds, LISTINGS, async (kind) => {
      for (const live of await api.list(parseGroupKind(kind), memberLabel(set), namespaces, signal))
        found.set(entryKey(live), live);
    });
    return found;
  }

  private async write(scope: RecordedScope): Promise<void> {
    const { api, set, signal } = this.target;
    const record = recordOf(set, scope.kinds, scope.namespaces);
    const before = this.#recorded;
    if (before !== undefined && sameWords(before, readRecord(record, set))) return;
    try {
      await api.apply(record, { manager: fieldManager(set), force: true, signal });
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      throw new ApiRefusal(
        error.status,
        error.reason,
        `the record of the set, ConfigMap ${set.namespace}/${set.name}, cannot be written: ${error.message}`,
      );
    }
    this.#recorded = readRecord(record, set);
  }
}

function scopeOfKeys(keys: Iterable<string>): RecordedScope {
  return scopeOf([...keys].map(parseEntryKey));
}

function sameWords(one: RecordedScope, other: RecordedScope): boolean {
  return JSON.stringify([one.kinds, one.namespaces]) === JSON.stringify([other.kinds, other.namespaces]);
}
