/** What a behaviour works with while it makes or changes one resource. */
import type { PlainMap } from "../../../provider-protocol";
import { contains } from "./address-space";
import { FLOATING, keyOf } from "./record";
import type { CloudRecord, Held } from "./record";
import type { World } from "./world";

/** Addresses and accompanying resources taken for one resource; given back if its making fails. */
export class Claim {
  readonly #held: Held[] = [];
  readonly #fresh: Held[] = [];
  readonly #accompanying: CloudRecord[] = [];

  /** @param holder key of the resource that takes them */
  constructor(
    private readonly world: World,
    readonly holder: string,
  ) {}

  get held(): readonly Held[] {
    return this.#held;
  }

  /** A certain address. @throws Neutron's conflict if it is in use, or outside the subnet */
  fixed(space: string, address: string): string {
    const addresses = this.world.space(space);
    if (!contains(addresses.range, address)) {
      throw new Error(`400 InvalidIpForSubnet: IP address ${address} is not a valid IP for subnet ${space}.`);
    }
    const holder = addresses.holder(address);
    if (holder !== undefined && holder !== this.holder) {
      throw new Error(
        `409 IpAddressAlreadyAllocated: IP address ${address} already allocated in subnet ${space}`,
      );
    }
    return this.#take(space, address, holder === undefined);
  }

  /** The next free address of the subnet's allocation pools. @throws if there is none left */
  any(space: string): string {
    const address = this.world.space(space).free();
    if (address !== undefined) return this.#take(space, address, true);
    const where = space === FLOATING ? "the external network" : `subnet ${space}`;
    throw new Error(`409 IpAddressGenerationFailure: No more IP addresses available on ${where}.`);
  }

  /** Records an address of a subnet that is itself only being made. */
  note(space: string, address: string): void {
    this.#held.push({ space, address });
  }

  /** Adds a resource that is created and deleted with this one. */
  accompany(record: CloudRecord): void {
    this.world.put(record);
    this.#accompanying.push(record);
  }

  /** Gives everything back. */
  undo(): void {
    this.world.release(this.#fresh);
    for (const record of this.#accompanying) this.world.remove(record);
  }

  #take(space: string, address: string, fresh: boolean): string {
    const held = { space, address };
    this.world.space(space).hold(address, this.holder);
    this.#held.push(held);
    if (fresh) this.#fresh.push(held);
    return address;
  }
}

export interface Draft {
  readonly world: World;
  readonly type: string;
  readonly id: string;
  readonly urn: string;
  readonly inputs: PlainMap;
  /** The resource before the change; undefined when it is made. */
  readonly previous: CloudRecord | undefined;
  readonly claim: Claim;
}

/** What is special about a type. Everything else follows from the type's row. */
export interface Behaviour {
  /** The id, for types whose id is not a UUID of their own. */
  id?(inputs: PlainMap, fresh: () => string, world: World): string;
  /** Outputs beyond the inputs and the defaults. @throws what the cloud would refuse */
  draw?(draft: Draft): PlainMap | Promise<PlainMap>;
  /** Outputs that other resources change. */
  live?(world: World, record: CloudRecord): PlainMap;
}

export type Behaviours = Readonly<Record<string, Behaviour>>;

/** A claim for a resource that accompanies another one. */
export function claimFor(world: World, type: string, id: string): Claim {
  return new Claim(world, keyOf(type, id));
}
