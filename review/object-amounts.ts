/** Amounts in Kubernetes' notation, as any chart may write them. */
import { fieldOf } from "../deploy/manifest";

/** Factor of each suffix in bytes, or in cores. */
const SUFFIXES: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** A quantity as a number; undefined for what is none. */
export function quantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const [, digits, suffix = ""] =
    typeof value === "string" ? (/^([0-9.]+(?:[eE][0-9]+)?)([a-zA-Z]*)$/.exec(value) ?? []) : [];
  const factor = SUFFIXES[suffix];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** Limit of a container, in cores or bytes; undefined without one. */
export function limitOf(container: unknown, name: "cpu" | "memory"): number | undefined {
  return quantity(fieldOf(container, "resources", "limits", name));
}

/** What the scheduler counts for a container: one without a request requests its limit. */
export function requestOf(container: unknown, name: "cpu" | "memory"): number | undefined {
  return quantity(fieldOf(container, "resources", "requests", name)) ?? limitOf(container, name);
}

/** GiB of an amount of storage, rounded up, as Cinder makes volumes; 0 for what is none. */
export function gibibytesOf(value: unknown): number {
  return Math.ceil((quantity(value) ?? 0) / 2 ** 30);
}
