/** Effects that many keys share, and short forms to declare one. */
import type { Effect, StoppedEffect } from "../parts/effects";

export const inPlace = (does: string): Effect => ({ kind: "inPlace", does });
export const inTurns = (does: string): Effect => ({ kind: "inTurns", does });
export const later = (when: string): Effect => ({ kind: "later", when });
export const guarded = (would: string, instead: string): Effect => ({ kind: "guarded", would, instead });
export const stopped = (effect: Omit<StoppedEffect, "kind">): Effect => ({ kind: "stopped", ...effect });

/** The same effect for several keys. */
export function each<Key extends string>(
  keys: readonly Key[],
  effect: Effect,
): Readonly<Record<Key, Effect>> {
  return Object.fromEntries(keys.map((key) => [key, effect])) as Record<Key, Effect>;
}

/** For keys from which no resource is created. */
export const ONLY_CHECKED = inPlace("nothing is made from it; the checks compare with it");

/** For prices, from which the cost is computed. */
export const ONLY_COMPUTED = inPlace("nothing is made from it; the cost is computed with it");

export const ANOTHER_KIND_OF_ENVIRONMENT = stopped({
  would: "makes another kind of environment, without what this one has",
  instead: "bring the other kind up as a new stack",
});

/** Applied by new servers only, never by running ones. */
export const WHEN_ROLLED = (what: string): Effect =>
  inTurns(
    `${what}: servers that run get it when the \`generation\` of their pool is counted up; the preview names them`,
  );
