/** Amounts of money or of an allocation, as text and as numbers. */
import type { MonthlyPrice } from "../../environment/plan/types";

/** Two decimals, with commas between thousands: `1,234.50`; `under 0.01` for less that is not nothing. */
export function costText({ millionths }: MonthlyPrice): string {
  const hundredths = Math.round(millionths / 10_000);
  if (hundredths === 0 && millionths > 0) return "under 0.01";
  return `${grouped(Math.floor(hundredths / 100))}.${String(hundredths % 100).padStart(2, "0")}`;
}

/** All decimals that a price has, two at least: `36.50`, `0.0004`. */
export function priceText({ millionths }: MonthlyPrice): string {
  const decimals = String(millionths % 1_000_000)
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${grouped(Math.floor(millionths / 1_000_000))}.${decimals}`;
}

function grouped(whole: number): string {
  return String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** In the unit, for JSON. */
export function amountOf({ millionths }: MonthlyPrice): number {
  return millionths / 1_000_000;
}
