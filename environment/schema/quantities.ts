/**
 * Amounts with their units, in Kubernetes' notation. Each dimension has units of its own: `512m` is half a core, and of
 * memory it would be half a byte.
 */
import { z } from "zod";

/** Factor of each unit, counted in the smallest unit of its dimension. */
type Units = Readonly<Record<string, number>>;

/** In thousandths of a core. */
const CPU: Units = { m: 1, "": 1000 };
/** In MiB. */
const BYTES: Units = { Mi: 1, Gi: 1024 };
/** In GiB. */
const SIZE: Units = { Gi: 1, Ti: 1024 };

function amount(units: Units, message: string): z.ZodString {
  return z.string().regex(new RegExp(`^[1-9][0-9]{0,5}(${Object.keys(units).join("|")})$`), message);
}

/** Processor time. */
export const cpu = amount(
  CPU,
  "is not an amount of CPU; write whole cores, or thousandths with m, such as 2 or 200m",
);

/** Memory, or disk space that a node keeps free. */
export const bytes = amount(
  BYTES,
  "is not an amount of memory or disk; write a whole number and its unit, such as 512Mi or 1Gi",
);

/** Size of a volume. */
export type Size = `${number}Gi` | `${number}Ti`;
export const size = amount(
  SIZE,
  "is not a size; write a whole number and its unit, such as 100Gi or 2Ti",
) as z.ZodType<Size, Size>;

/** Thousandths of a core of a `cpu`. */
export function millicores(value: string): number {
  return inSmallestUnit(value, CPU);
}

/** MiB of `bytes`. */
export function mebibytes(value: string): number {
  return inSmallestUnit(value, BYTES);
}

/** GiB of a size, in which Cinder counts. */
export function gibibytes(value: Size): number {
  return inSmallestUnit(value, SIZE);
}

/** @throws Error for a text without a unit of the dimension: the schema has refused it */
function inSmallestUnit(value: string, units: Units): number {
  const digits = /^\d+/.exec(value)?.[0] ?? "";
  const factor = units[value.slice(digits.length)];
  if (digits === "" || factor === undefined) throw new Error(`"${value}" is no amount of this dimension`);
  return Number(digits) * factor;
}
