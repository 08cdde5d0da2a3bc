/** Ports as text. */

/** `443`, `30048–30054`, or `all`. */
export function spanText(min: number | undefined, max: number | undefined): string {
  if (min === undefined || max === undefined) return "all";
  return min === max ? String(min) : `${String(min)}–${String(max)}`;
}

/** Numbers with runs as their first and last: `80, 443, 30048–30054`. */
export function portList(ports: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const port of [...new Set(ports)].sort((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last?.[1] === port - 1) last[1] = port;
    else runs.push([port, port]);
  }
  return runs.map(([first, last]) => spanText(first, last)).join(", ");
}
