/** Requests that are repeated while the server throttles, restarts, or drops the connection. */
import { setTimeout as pause } from "node:timers/promises";

import { NoAnswer } from "../apply-set/objects";
import { ask, failureOf, unexpectedAnswer } from "./http-api";
import type { Answer, Ask } from "./http-api";
import { KeptConnections } from "./kept-connections";
import type { ClusterAccess } from "./kubeconfig";
import { ConcurrencyLimit } from "../concurrency-limit";

/** Times in milliseconds. */
export interface Patience {
  /** From sending a request to the head of its answer. */
  readonly oneRequest: number;
  /** From the first attempt to the last one. */
  readonly altogether: number;
  /** Before the second attempt; doubled for each further one. */
  readonly firstPause: number;
  readonly longestPause: number;
}

const PATIENCE: Patience = {
  oneRequest: 60_000,
  altogether: 90_000,
  firstPause: 200,
  longestPause: 10_000,
};

/**
 * Throttled by priority and fairness, shutting down, or slow: the server did not process the request, or may process it
 * again.
 */
const TRANSIENT: ReadonlySet<number> = new Set([429, 503, 504]);

/** Requests of one identity to one API server, over kept connections. Only for requests that may be repeated. */
export class PersistentAsk {
  readonly #sender: KeptConnections;
  /** Requests that wait do so here: each one under way listens to `signal`, and many listeners are slow to add. */
  readonly #limit: ConcurrencyLimit;

  /** @param connections at once */
  constructor(
    readonly access: ClusterAccess,
    connections: number,
    private readonly patience: Patience = PATIENCE,
  ) {
    this.#sender = new KeptConnections(access, connections, patience.oneRequest);
    this.#limit = new ConcurrencyLimit(connections);
  }

  /** @throws NoAnswer if the server does not answer in time; the reason of `signal` if that is aborted */
  async ask(request: Ask, signal: AbortSignal): Promise<Answer> {
    const started = Date.now();
    for (let attempt = 0; ; attempt++) {
      const result = await this.attempt(request, signal);
      if (result.kind === "answer" && !TRANSIENT.has(result.answer.status)) return result.answer;
      if (result.kind === "failed" && result.failure.isFinal) throw result.failure.error;
      const wait = this.wait(attempt, result.kind === "answer" ? result.answer.retryAfter : undefined);
      if (Date.now() - started + wait > this.patience.altogether) {
        if (result.kind === "answer") return result.answer;
        throw result.failure.error;
      }
      await pause(wait, undefined, { signal });
    }
  }

  private async attempt(request: Ask, signal: AbortSignal): Promise<Attempt> {
    try {
      const answer = await this.#limit.run(() => ask(this.access, request, signal, this.#sender));
      return answer.status === 401
        ? { kind: "failed", failure: refusedUser(answer) }
        : { kind: "answer", answer };
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error, this.access);
      const check = failure.kind === "refused" ? failure.check : undefined;
      const noAnswer = new NoAnswer(failure.answer, check);
      return { kind: "failed", failure: { error: noAnswer, isFinal: failure.kind === "refused" } };
    }
  }

  /** Half of the pause is random: requests that were refused together are not repeated together. */
  private wait(attempt: number, retryAfter: number | undefined): number {
    const { firstPause, longestPause } = this.patience;
    const longest = Math.min(longestPause, firstPause * 2 ** attempt);
    const own = longest / 2 + (Math.random() * longest) / 2;
    return retryAfter === undefined ? own : Math.min(longestPause, retryAfter * 1000) + own;
  }
}

interface Failure {
  readonly error: NoAnswer;
  readonly isFinal: boolean;
}

type Attempt =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly failure: Failure };

/** A certificate that ended in mid-run, or a token: no further request would be answered. */
function refusedUser(answer: Answer): Failure {
  const { answer: text, ...refusal } = unexpectedAnswer(answer, "it");
  return { error: new NoAnswer(text, refusal.kind === "refused" ? refusal.check : undefined), isFinal: true };
}
