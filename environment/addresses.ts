/**
 * IPv4 arithmetic on plain strings. The tenant networks of these labs are IPv4. Planning
 * compares addresses thousands of times, so they are parsed here, and not by a library that knows every notation.
 */

export interface Cidr {
  /** First address as a number. */
  readonly base: number;
  readonly prefix: number;
  readonly size: number;
}

export interface AddressRange {
  readonly start: string;
  readonly end: string;
}

/** A byte in decimal digits, without leading zeros: some programs read those as octal. */
const BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

/** True for an address of four decimal numbers. */
export function isIpv4(text: string): boolean {
  return IPV4.test(text);
}

/** True for an address with a prefix length, host bits set or not. */
export function isHostInCidr(text: string): boolean {
  const [address = "", prefix = "", rest] = text.split("/");
  return rest === undefined && isIpv4(address) && /^(0|[1-9]\d?)$/.test(prefix) && Number(prefix) <= 32;
}

/** True for a network whose host bits are zero. */
export function isCidr(text: string): boolean {
  if (!isHostInCidr(text)) return false;
  const [address = ""] = text.split("/");
  return toNumber(address) === parseCidr(text).base;
}

/** @throws Error for what is no IPv4 address */
export function toNumber(ip: string): number {
  if (!isIpv4(ip)) throw new Error(`${ip} is not an IPv4 address`);
  return ip.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

export function toIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** Network of an address in CIDR form; host bits are dropped. */
export function parseCidr(text: string): Cidr {
  const [address = "", prefixText = ""] = text.split("/");
  const prefix = Number(prefixText);
  const size = 2 ** (32 - prefix);
  const value = toNumber(address);
  return { base: value - (value % size), prefix, size };
}

export function cidrText(cidr: Cidr): string {
  return `${toIp(cidr.base)}/${cidr.prefix}`;
}

export function addressAt(cidr: Cidr, offset: number): string {
  return toIp(cidr.base + offset);
}

export function contains(cidr: Cidr, ip: string): boolean {
  const value = toNumber(ip);
  return value >= cidr.base && value < cidr.base + cidr.size;
}

export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + inner.size <= outer.base + outer.size;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + b.size && b.base < a.base + a.size;
}

/** True for ranges with an address in common. */
export function rangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return toNumber(a.start) <= toNumber(b.end) && toNumber(b.start) <= toNumber(a.end);
}

/** `whole` without `taken`, as ranges in order. */
export function subtractRanges(whole: AddressRange, taken: readonly AddressRange[]): AddressRange[] {
  const sorted = [...taken].sort((a, b) => toNumber(a.start) - toNumber(b.start));
  const free: AddressRange[] = [];
  let next = toNumber(whole.start);
  const last = toNumber(whole.end);
  for (const range of sorted) {
    const start = toNumber(range.start);
    if (start > next) free.push({ start: toIp(next), end: toIp(Math.min(start - 1, last)) });
    next = Math.max(next, toNumber(range.end) + 1);
  }
  if (next <= last) free.push({ start: toIp(next), end: toIp(last) });
  return free;
}

/** The fewest networks that together cover exactly the addresses of a range, in order. */
export function rangeCidrs({ start, end }: AddressRange): readonly string[] {
  const networks: string[] = [];
  const last = toNumber(end);
  let next = toNumber(start);
  while (next <= last) {
    let size = 1;
    while (next % (size * 2) === 0 && next + size * 2 - 1 <= last) size *= 2;
    networks.push(`${toIp(next)}/${String(32 - Math.log2(size))}`);
    next += size;
  }
  return networks;
}

/** Whether networks together cover half of all addresses or more: they then count as the internet. */
export function coverWorld(networks: readonly string[]): boolean {
  const ranges = networks.map(parseCidr).sort((a, b) => a.base - b.base);
  let [covered, end] = [0, 0];
  for (const { base, size } of ranges) {
    const next = Math.max(end, base + size);
    covered += next - Math.max(end, base);
    end = next;
  }
  return covered >= 2 ** 31;
}
