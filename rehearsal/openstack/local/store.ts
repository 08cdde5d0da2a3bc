/** OpenStack as a file: no server runs, but names, addresses, references and refusals are those of the real one. */
import { setTimeout as sleep } from "node:timers/promises";

import type { PlainMap } from "../../../provider-protocol";
import type {
  CreateOrder,
  DeleteOrder,
  Found,
  Made,
  Store,
  UpdateOrder,
} from "../../../provider-protocol/store";
import type { Table } from "../../table/row";
import { IN_USE, REFERENCES } from "../references";
import {
  NETWORK,
  PORT,
  ROUTER,
  ROUTER_INTERFACE,
  SEC_GROUP,
  SUBNET,
} from "../../../openstack-api/resources/tokens";
import { defaultOutputs } from "./defaults";
import { Claim } from "./draft";
import type { Behaviour, Behaviours } from "./draft";
import { keyOf } from "./record";
import { textsAt } from "../../../provider-protocol/plain";
import type { CloudRecord } from "./record";
import type { User, World } from "./world";

/** What the provider tries to delete again and again while it is in use (its `waitFor…Delete` functions). */
const WAITED_FOR: ReadonlySet<string> = new Set([NETWORK, SUBNET, ROUTER, ROUTER_INTERFACE, SEC_GROUP, PORT]);
const RETRY_MILLISECONDS = 50;

/** Answers data sources. */
export type Lookup = (world: World, token: string, args: PlainMap) => PlainMap;

export class LocalOpenStack implements Store {
  constructor(
    private readonly world: World,
    private readonly table: Table,
    private readonly behaviours: Behaviours,
    private readonly lookup: Lookup,
    private readonly patienceMilliseconds: number,
  ) {}

  async create(order: CreateOrder): Promise<Made> {
    const { type, urn, inputs } = order;
    const fresh = (): string => this.world.newId(urn);
    const id = this.behaviour(type).id?.(inputs, fresh, this.world) ?? fresh();
    const outputs = await this.draw(order, id, undefined);
    return { id, outputs };
  }

  read(type: string, id: string): Promise<Found | undefined> {
    const record = this.world.get(type, id);
    if (record === undefined) return Promise.resolve(undefined);
    const { inputs, outputs } = record;
    return Promise.resolve({
      id,
      inputs,
      outputs: { ...outputs, ...this.behaviour(type).live?.(this.world, record) },
    });
  }

  update(order: UpdateOrder): Promise<PlainMap> {
    return this.draw(order, order.id, this.world.require(order.type, order.id));
  }

  async delete({ type, id, signal }: DeleteOrder): Promise<void> {
    const until = Date.now() + (WAITED_FOR.has(type) ? this.patienceMilliseconds : 0);
    for (;;) {
      const record = this.world.get(type, id);
      if (record === undefined) return;
      const refusal = this.refusal(record);
      if (refusal === undefined) {
        this.remove(record);
        return;
      }
      if (Date.now() >= until) throw new Error(refusal);
      await sleep(RETRY_MILLISECONDS, undefined, { signal });
    }
  }

  find(token: string, args: PlainMap): Promise<PlainMap> {
    return Promise.resolve(this.lookup(this.world, token, args));
  }

  private behaviour(type: string): Behaviour {
    return this.behaviours[type] ?? {};
  }

  private async draw(order: CreateOrder, id: string, previous: CloudRecord | undefined): Promise<PlainMap> {
    const { type, urn, inputs, secret } = order;
    this.refuseUnknownReferences(type, inputs);
    const row = this.table[type];
    if (row === undefined) throw new Error(`the built-in cloud has no type ${type}`);
    const claim = new Claim(this.world, keyOf(type, id));
    try {
      const drawn = await this.behaviour(type).draw?.({
        world: this.world,
        type,
        id,
        urn,
        inputs,
        previous,
        claim,
      });
      const outputs = { ...defaultOutputs(row, inputs), ...drawn };
      const record = {
        type,
        id,
        urn,
        inputs: without(inputs, secret),
        outputs: without(outputs, secret),
        addresses: claim.held,
        owner: "",
      };
      this.world.put(record);
      return { ...outputs, ...this.behaviour(type).live?.(this.world, record) };
    } catch (error) {
      claim.undo();
      throw error;
    }
  }

  private refuseUnknownReferences(type: string, inputs: PlainMap): void {
    for (const { path, to } of REFERENCES[type] ?? []) {
      for (const id of textsAt(inputs, path)) this.world.require(to, id);
    }
  }

  /** Why a resource cannot be deleted now; undefined if it can. Resources that are deleted with it may prevent it, too. */
  private refusal(record: CloudRecord): string | undefined {
    const users = this.users(record);
    const blocking = users.find((user) => user.onDelete === "blocks");
    if (blocking !== undefined) return inUse(record, blocking.record);
    const key = keyOf(record.type, record.id);
    if (record.type === SUBNET && this.world.space(record.id).heldByOthers(key)) return inUse(record);
    const along = users.filter((user) => user.onDelete === "cascades");
    return along.map((user) => this.refusal(user.record)).find((refusal) => refusal !== undefined);
  }

  private remove(record: CloudRecord): void {
    for (const user of this.users(record)) if (user.onDelete === "cascades") this.remove(user.record);
    this.world.remove(record);
  }

  /** What names a resource, without what belongs to it. */
  private users({ type, id }: CloudRecord): readonly User[] {
    return this.world.users(type, id).filter((user) => user.record.owner !== keyOf(type, id));
  }
}

function inUse({ type, id }: CloudRecord, by?: CloudRecord): string {
  const short = (token: string): string => token.split(":").at(-1) ?? token;
  const message = IN_USE[type]?.(id) ?? `409 Conflict: ${short(type)} ${id} is in use.`;
  return by === undefined ? message : `${message} (by ${short(by.type)} ${by.id})`;
}

function without(map: PlainMap, names: ReadonlySet<string>): PlainMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !names.has(name)));
}
