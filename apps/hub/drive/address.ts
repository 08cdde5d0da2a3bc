/**
 * Addresses of drives in the network of Services. Volumes on nodes carry them for good, so an address follows from the
 * hub's own name, never from the other hubs.
 */
import { createHash } from "node:crypto";
import { addressAt, contains, parseCidr, toNumber } from "../../../environment/addresses";
import { NFS_PROVISIONER_ADDRESS } from "../../../environment/shared-storage";

/**
 * Offsets of the network's lower part, which the API server leaves to Services that name their address: a sixteenth of
 * the network, at least 16 and at most 256 addresses. https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/
 */
function staticBand(serviceCidr: string): { readonly first: number; readonly last: number } {
  const { prefix } = parseCidr(serviceCidr);
  const size = Math.min(Math.max(16, 2 ** (32 - prefix) / 16), 256);
  return { first: NFS_PROVISIONER_ADDRESS + 1, last: size - 1 };
}

/** Where drives may have their addresses: above those of the API server (1), DNS (10) and the NFS provisioner (11). */
export function driveAddresses(serviceCidr: string): { readonly first: string; readonly last: string } {
  const { first, last } = staticBand(serviceCidr);
  const network = parseCidr(serviceCidr);
  return { first: addressAt(network, first), last: addressAt(network, last) };
}

export function isDriveAddress(serviceCidr: string, address: string): boolean {
  if (!contains(parseCidr(serviceCidr), address)) return false;
  const { first, last } = driveAddresses(serviceCidr);
  return toNumber(address) >= toNumber(first) && toNumber(address) <= toNumber(last);
}

/** The address of a hub's drive whose configuration names none. */
export function defaultAddress(serviceCidr: string, hub: string): string {
  const { first, last } = staticBand(serviceCidr);
  const digest = createHash("sha256").update(hub).digest().readUInt32BE();
  return addressAt(parseCidr(serviceCidr), first + (digest % (last - first + 1)));
}

/** The first that none of these is; undefined if all are taken. */
export function freeAddress(serviceCidr: string, taken: ReadonlySet<string>): string | undefined {
  const { first, last } = staticBand(serviceCidr);
  const network = parseCidr(serviceCidr);
  return Array.from({ length: last - first + 1 }, (_, index) => addressAt(network, first + index)).find(
    (address) => !taken.has(address),
  );
}
