/** A store that notifies the process that runs the machines of its changes, one connection for each. */
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";

import type { PlainMap } from "../../../provider-protocol";
import type { Acknowledged, StoreChange } from "../../options";
import type {
  CreateOrder,
  DeleteOrder,
  Found,
  Made,
  Store,
  UpdateOrder,
} from "../../../provider-protocol/store";

export class NotifyingStore implements Store {
  /** @param socket path of the Unix socket that receives changes */
  constructor(
    private readonly store: Store,
    private readonly socket: string,
  ) {}

  /** A refused creation is undone. */
  async create(order: CreateOrder): Promise<Made> {
    const made = await this.store.create(order);
    const { type, inputs, signal } = order;
    const { id, outputs } = made;
    try {
      await this.notify({ operation: "create", type, id, inputs, outputs });
    } catch (error) {
      await this.store.delete({ type, id, inputs, signal });
      throw error;
    }
    return made;
  }

  read(type: string, id: string): Promise<Found | undefined> {
    return this.store.read(type, id);
  }

  async update(order: UpdateOrder): Promise<PlainMap> {
    const outputs = await this.store.update(order);
    const { type, id, inputs } = order;
    await this.notify({ operation: "update", type, id, inputs, outputs });
    return outputs;
  }

  async delete(order: DeleteOrder): Promise<void> {
    const { type, id, inputs } = order;
    await this.store.delete(order);
    await this.notify({ operation: "delete", type, id, inputs, outputs: {} });
  }

  find(token: string, args: PlainMap): Promise<PlainMap> {
    return this.store.find(token, args);
  }

  /** @throws the other end's objection, or that it has ended */
  private async notify(change: StoreChange): Promise<void> {
    const connection = connect(this.socket);
    try {
      await once(connection, "connect");
      connection.write(`${JSON.stringify(change)}\n`);
      const lines = createInterface({ input: connection });
      const line = new Promise<string>((resolve) => lines.once("line", resolve));
      const ended = once(connection, "close").then(() => undefined);
      const answer = await Promise.race([line, ended]);
      if (answer === undefined)
        throw new Error("the process that runs the machines has ended without an answer");
      const { problem } = JSON.parse(answer) as Acknowledged;
      if (problem !== undefined) throw new Error(problem);
    } finally {
      connection.destroy();
    }
  }
}
