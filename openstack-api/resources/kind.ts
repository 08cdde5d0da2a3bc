/** What the real store knows of one resource type: how to make, read, change and remove it by a service's API. */
import type { PlainMap } from "../../provider-protocol";
import type { CreateOrder, Found, Made, UpdateOrder } from "../../provider-protocol/store";
import type { Session } from "../session";

export interface Kind {
  create(session: Session, order: CreateOrder): Promise<Made>;
  /** Undefined if there is none (any more). */
  read(session: Session, id: string): Promise<Found | undefined>;
  /** Absent for types of which nothing can be changed. */
  update?(session: Session, order: UpdateOrder): Promise<void>;
  /**
   * Resolves when it is gone; removing what is gone is a success.
   * @param inputs as they were last applied
   */
  remove(session: Session, id: string, signal: AbortSignal, inputs: PlainMap): Promise<void>;
}

export type Kinds = Readonly<Record<string, Kind>>;

/** Answers a data source. */
export type Find = (session: Session, args: PlainMap) => Promise<PlainMap>;

/** The name that the program gave to the resource of a URN. */
export function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
