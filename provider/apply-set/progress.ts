/** Reports the progress of a set. */
import type { LongRequest } from "../../provider-protocol";

/** Milliseconds between two messages. */
const BETWEEN = 2_000;

export class Progress {
  #done = 0;
  #said = Date.now();

  constructor(
    private readonly request: LongRequest,
    /** What is done to each: `applied`. */
    private readonly what: string,
    private readonly total: number,
  ) {}

  /** Counts one more as done. */
  done(): void {
    this.#done++;
    if (Date.now() - this.#said < BETWEEN) return;
    this.#said = Date.now();
    this.request.log("info", `${this.#done} of ${this.total} objects ${this.what}`, { status: true });
  }
}
