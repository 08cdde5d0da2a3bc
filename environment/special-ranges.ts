/** IPv4 ranges whose addresses no server and no client on a network can have (RFC 6890). */
import { contains, containsCidr, overlaps, parseCidr } from "./addresses";

export interface SpecialRange {
  readonly cidr: string;
  readonly what: string;
}

const SPECIAL_RANGES: readonly SpecialRange[] = [
  { cidr: "0.0.0.0/8", what: "no address of a host" },
  { cidr: "127.0.0.0/8", what: "loopback" },
  { cidr: "169.254.0.0/16", what: "link-local, with the cloud's metadata service" },
  { cidr: "224.0.0.0/4", what: "multicast" },
  { cidr: "240.0.0.0/4", what: "reserved" },
];

/** The first one that a network overlaps. */
export function specialOverlap(network: string): SpecialRange | undefined {
  return SPECIAL_RANGES.find(({ cidr }) => overlaps(parseCidr(cidr), parseCidr(network)));
}

/** The one that contains a whole network; none contains the whole internet. */
export function specialAround(network: string): SpecialRange | undefined {
  return SPECIAL_RANGES.find(({ cidr }) => containsCidr(parseCidr(cidr), parseCidr(network)));
}

/** The one that an address is in. */
export function specialOf(address: string): SpecialRange | undefined {
  return SPECIAL_RANGES.find(({ cidr }) => contains(parseCidr(cidr), address));
}
