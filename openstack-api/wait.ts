/** Waiting for a service to get somewhere. */
import { setTimeout as sleep } from "node:timers/promises";

import { isStatus } from "./service-error";

/** Seconds that the official provider waits for most things; servers and volumes may be slow to come. */
const PATIENCE_SECONDS = 600;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 2_000;

/**
 * Asks until there is an answer.
 * @param what ends the sentence "waited 600 s for …"
 * @throws what `ask` throws; Error when time is out
 */
export async function until<Result>(
  what: string,
  signal: AbortSignal,
  ask: () => Promise<Result | undefined>,
): Promise<Result> {
  const end = Date.now() + PATIENCE_SECONDS * 1_000;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${PATIENCE_SECONDS} s for ${what}`);
    await sleep(pause, undefined, { signal });
  }
}

/** Repeats what is refused only because something else uses the thing or works on it just now. */
export async function whenFree<Result>(
  what: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
  statuses: readonly number[] = [409],
  seconds = PATIENCE_SECONDS,
): Promise<Result> {
  const end = Date.now() + seconds * 1_000;
  const attempt = async (): Promise<{ readonly result: Result } | undefined> => {
    try {
      return { result: await work() };
    } catch (error) {
      if (!isStatus(error, ...statuses) || Date.now() > end) throw error;
      return undefined;
    }
  };
  return (await until(what, signal, attempt)).result;
}
