/** Requests that are repeated while the server throttles, restarts, or drops the connection. */
import { setTimeout as pause } from "node:timers/promises";

import { NoAnswer } from "../apply-set/objects";
import { ask, failureOf } from "./http-api";
import type { Answer, Ask } from "./http-api";
import { ClusterAgent } from "./keep-alive";
import type { ClusterAccess } from "./kubeconfig";
import { ConcurrencyLimit } from "../concurrency-limit";

/** Times in milliseconds. */
export interface Patience {
  /** For one request. */
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
  readonly #agent: ClusterAgent;
  readonly #connections: ConcurrencyLimit;

  /** @param connections at once */
  constructor(
    readonly access: ClusterAccess,
    connections: number,
    private readonly patience: Patience = PATIENCE,
  ) {
    this.#agent = new ClusterAgent(access, connections);
    this.#connections = new ConcurrencyLimit(connections);
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
      const answer = await this.#connections.run(() => {
        const limited = AbortSignal.any([signal, AbortSignal.timeout(this.patience.oneRequest)]);
        return ask(this.access, request, limited, this.#agent);
      });
      return { kind: "answer", answer };
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

type Attempt =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly failure: { readonly error: NoAnswer; readonly isFinal: boolean } };
