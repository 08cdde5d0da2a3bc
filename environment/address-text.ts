import type { AddressPlan } from "./plan/types";

/** An address as files carry it: itself, or the mark of one that the cloud assigns. */
export function addressText(address: AddressPlan): string {
  return address.kind === "planned" ? address.ip : address.value.toString();
}
