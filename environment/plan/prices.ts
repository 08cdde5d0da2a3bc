/** Prices by the month, whatever period they are given for. */
import { PRICE_DECIMALS, type Price, type PricesConfig } from "../schema/prices";
import type { MonthlyPrice, PricesPlan } from "./types-prices";

/** A year's 8,760 hours, divided by twelve: what clouds count a month with. */
export const HOURS_OF_MONTH = 730;

export function pricesPlan(prices: PricesConfig): PricesPlan {
  const { flavors, volumeTypes, defaultVolumeType, floatingIp, loadBalancer } = prices;
  return {
    in: prices.in,
    flavors: monthlyEach(flavors),
    volumeTypes: monthlyEach(volumeTypes),
    ...(defaultVolumeType === undefined ? {} : { defaultVolumeType: monthly(defaultVolumeType) }),
    ...(floatingIp === undefined ? {} : { floatingIp: monthly(floatingIp) }),
    ...(loadBalancer === undefined ? {} : { loadBalancer: monthly(loadBalancer) }),
  };
}

function monthlyEach(prices: Readonly<Record<string, Price>>): Readonly<Record<string, MonthlyPrice>> {
  return Object.fromEntries(Object.entries(prices).map(([name, price]) => [name, monthly(price)]));
}

/** By the digits, since 0.1 is no number of a computer's. */
export function monthly(price: Price): MonthlyPrice {
  const [amount = "", period] = price.split("/");
  const [whole = "", decimals = ""] = amount.split(".");
  const millionths = Number(`${whole}${decimals.padEnd(PRICE_DECIMALS, "0")}`);
  return { millionths: period === "hour" ? millionths * HOURS_OF_MONTH : millionths };
}
