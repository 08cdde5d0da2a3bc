import type { AddressPlan } from "./plan/types";

/** An address in files: itself, or the marker of one that the cloud assigns. */
export function addressText(address: AddressPlan): string {
  return address.kind === "planned" ? address.ip : address.value.toString();
}
