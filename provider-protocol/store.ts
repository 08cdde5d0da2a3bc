/** What the resource types of a provider work on: files of the built-in cloud, or a real cloud by its APIs. */
import type { PlainMap } from "./values";

/** A resource that a store has just made. */
export interface Made {
  readonly id: string;
  readonly outputs: PlainMap;
}

/** A resource as it is now. Secrets that cannot be read back are left out. */
export interface Found extends Made {
  /** The inputs that would give this resource. */
  readonly inputs: PlainMap;
}

export interface CreateOrder {
  readonly type: string;
  readonly urn: string;
  /** Complete inputs, secrets in plain text. */
  readonly inputs: PlainMap;
  /** Properties that a store must not write down: secret inputs, and outputs that the type declares secret. */
  readonly secret: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

export interface UpdateOrder extends CreateOrder {
  readonly id: string;
}

export interface DeleteOrder {
  readonly type: string;
  readonly id: string;
  /** As they were last applied; they may have options for its deletion. */
  readonly inputs: PlainMap;
  readonly signal: AbortSignal;
}

/** Makes, reads, changes and removes resources. Every method throws an error whose message the user reads. */
export interface Store {
  create(order: CreateOrder): Promise<Made>;
  /** Undefined if there is none (any more). */
  read(type: string, id: string): Promise<Found | undefined>;
  /** The outputs after the change. */
  update(order: UpdateOrder): Promise<PlainMap>;
  /** Removing what is gone is a success. */
  delete(order: DeleteOrder): Promise<void>;
  /** Answers a data source. */
  find(token: string, args: PlainMap): Promise<PlainMap>;
}
