import { distance } from "fastest-levenshtein";

/** The nearest known word, if it is near enough for a typing error. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, cost: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.cost - b.cost);
  const best = ranked[0];
  return best !== undefined && best.cost <= Math.max(1, Math.ceil(word.length / 3))
    ? best.candidate
    : undefined;
}
