/** Addresses of a subnet (or of a pool of floating addresses): which are in use, and which is the next free one. */
import * as ipaddr from "ipaddr.js";

export type Range = {
  readonly start: string;
  readonly end: string;
};

/** A number for an address, by which ranges can be compared. */
export function toNumber(address: string): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** The address of a number, in the family of `like`. */
export function toAddress(number: bigint, like: string): string {
  const length = ipaddr.parse(like).toByteArray().length;
  const bytes = Array.from({ length }, (_, index) =>
    Number((number >> BigInt(8 * (length - 1 - index))) & 0xffn),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

/** First and last address of a network given as `address/prefix`, network and broadcast address included. */
export function cidrRange(cidr: string): Range {
  const [base, prefix] = ipaddr.parseCIDR(cidr);
  const bits = base.toByteArray().length * 8 - prefix;
  const start = (toNumber(base.toString()) >> BigInt(bits)) << BigInt(bits);
  return {
    start: toAddress(start, base.toString()),
    end: toAddress(start + (1n << BigInt(bits)) - 1n, base.toString()),
  };
}

export function contains(range: Range, address: string): boolean {
  if (ipaddr.parse(range.start).kind() !== ipaddr.parse(address).kind()) return false;
  const number = toNumber(address);
  return toNumber(range.start) <= number && number <= toNumber(range.end);
}

export class AddressSpace {
  readonly #holders = new Map<string, string>();
  /** Below it nothing of the pools is free: so that finding an address does not start over each time. */
  #cursor = 0n;

  /** @param pools where addresses are given out from; any address of the range may be asked for by name */
  constructor(
    readonly range: Range,
    private pools: readonly Range[],
  ) {}

  /** Other pools for the same range; what is held stays held. */
  offer(pools: readonly Range[]): void {
    this.pools = pools;
    this.#cursor = 0n;
  }

  holder(address: string): string | undefined {
    return this.#holders.get(address);
  }

  /** True if an address is in use by another than `holder`. */
  heldByOthers(holder: string): boolean {
    for (const each of this.#holders.values()) if (each !== holder) return true;
    return false;
  }

  /** Marks an address as held; a caller makes sure that it is free. */
  hold(address: string, holder: string): void {
    this.#holders.set(address, holder);
  }

  release(address: string): void {
    this.#holders.delete(address);
    const number = toNumber(address);
    if (number < this.#cursor) this.#cursor = number;
  }

  /** The lowest free address of the pools; undefined if all are held. */
  free(): string | undefined {
    for (const pool of this.pools) {
      const [start, end] = [toNumber(pool.start), toNumber(pool.end)];
      for (let number = start > this.#cursor ? start : this.#cursor; number <= end; number++) {
        const address = toAddress(number, pool.start);
        if (this.#holders.has(address)) continue;
        this.#cursor = number;
        return address;
      }
    }
    return undefined;
  }
}
