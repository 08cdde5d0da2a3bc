/** The kinds of things that a cloud charges for: how each is named, counted and priced. */
import type { MonthlyPrice, PricesPlan } from "../../environment/plan/types";
import { assertNever } from "../../errors/assert-never";

/** Something with a price. */
export type Priced =
  | { readonly kind: "server"; readonly flavor: string }
  | { readonly kind: "volume"; readonly volumeType?: string | undefined }
  | { readonly kind: "floatingIp" }
  | { readonly kind: "loadBalancer" };

/** `server, flavor small`; it also identifies what has one price. */
export function nameOf(priced: Priced): string {
  switch (priced.kind) {
    case "server":
      return `server, flavor ${priced.flavor}`;
    case "volume":
      return priced.volumeType === undefined
        ? "volume without a type"
        : `volume of type ${priced.volumeType}`;
    case "floatingIp":
      return "floating IP";
    case "loadBalancer":
      return "load balancer";
    default:
      return assertNever(priced);
  }
}

/** Where its price is configured. */
export function pathOf(priced: Priced): string {
  switch (priced.kind) {
    case "server":
      return `prices.flavors.${priced.flavor}`;
    case "volume":
      return priced.volumeType === undefined
        ? "prices.defaultVolumeType"
        : `prices.volumeTypes.${priced.volumeType}`;
    case "floatingIp":
      return "prices.floatingIp";
    case "loadBalancer":
      return "prices.loadBalancer";
    default:
      return assertNever(priced);
  }
}

/** `4`, or `100 GiB`. */
export function amountText(priced: Pick<Priced, "kind">, amount: number): string {
  return priced.kind === "volume" ? `${String(amount)} GiB` : String(amount);
}

/** A month's price of one, or of one GiB; undefined if none is configured. */
export function priceOf(priced: Priced, prices: PricesPlan | undefined): MonthlyPrice | undefined {
  switch (priced.kind) {
    case "server":
      return prices?.flavors[priced.flavor];
    case "volume":
      return priced.volumeType === undefined
        ? prices?.defaultVolumeType
        : prices?.volumeTypes[priced.volumeType];
    case "floatingIp":
      return prices?.floatingIp;
    case "loadBalancer":
      return prices?.loadBalancer;
    default:
      return assertNever(priced);
  }
}
