/** OpenStack as a file: no server runs, but names, addresses, references and refusals are those of the real one. */
import type { PlainMap } from "../../../provider/rpc";
import type { CreateOrder, Found, Made, Store, UpdateOrder } from "../../store";
import type { Table } from "../../table/row";
import { IN_USE, REFERENCES } from "../references";
import { SUBNET } from "../tokens";
import { defaultOutputs } from "./defaults";
import { Claim } from "./draft";
import type { Behaviour, Behaviours } from "./draft";
import { keyOf } from "./record";
import { textsAt } from "../../plain";
import type { CloudRecord } from "./record";
import type { World } from "./world";

/** Answers data sources. */
export type Lookup = (world: World, token: string, args: PlainMap) => PlainMap;

export class LocalOpenStack implements Store {
  constructor(
    private readonly world: World,
    private readonly table: Table,
    private readonly behaviours: Behaviours,
    private readonly lookup: Lookup,
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

  delete(type: string, id: string): Promise<void> {
    const record = this.world.get(type, id);
    if (record !== undefined) this.remove(record);
    return Promise.resolve();
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

  private remove(record: CloudRecord): void {
    const key = keyOf(record.type, record.id);
    const users = this.world.users(record.type, record.id).filter((user) => user.record.owner !== key);
    const blocking = users.find((user) => user.onDelete === "blocks");
    if (blocking !== undefined) throw new Error(inUse(record, blocking.record));
    if (record.type === SUBNET && this.world.space(record.id).heldByOthers(key))
      throw new Error(inUse(record));
    for (const user of users) if (user.onDelete === "cascades") this.remove(user.record);
    this.world.remove(record);
  }
}

function inUse({ type, id }: CloudRecord, by?: CloudRecord): string {
  const short = (token: string): string => token.split(":").at(-1) ?? token;
  const said = IN_USE[type]?.(id) ?? `409 Conflict: ${short(type)} ${id} is in use.`;
  return by === undefined ? said : `${said} (by ${short(by.type)} ${by.id})`;
}

function without(map: PlainMap, names: ReadonlySet<string>): PlainMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !names.has(name)));
}
