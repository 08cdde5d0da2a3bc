/** The local store's record of a resource. */
import type { PlainMap } from "../../../provider-protocol";

/** An address that a resource holds: in a subnet, or in the {@link FLOATING} pool. */
export type Held = { readonly space: string; readonly address: string };

/** The pool of floating and other external addresses, instead of a subnet's id. */
export const FLOATING = "floating";

export type CloudRecord = {
  readonly type: string;
  readonly id: string;
  /** Empty for what the program did not declare: a port that came with a server, a network that was there before. */
  readonly urn: string;
  /** Inputs without secrets. */
  readonly inputs: PlainMap;
  /** Outputs without secrets. */
  readonly outputs: PlainMap;
  readonly addresses: readonly Held[];
  /** Key of the resource that it is created and deleted with; empty if there is none. */
  readonly owner: string;
};

/** Ids of different types may be equal: a member list has its pool's id. */
export function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}
