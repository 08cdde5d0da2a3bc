/** Which machines may be changed at the same time: one machine of a group, and not too many of all. */
import { ConcurrencyLimit } from "../concurrency-limit";

/** Maximum of concurrent pushes, in all groups: bounded by the bastion's channels and this process. */
const AT_ONCE = 16;

/** A machine was not changed because another of its group has failed. */
export class GroupStopped extends Error {}

interface Group {
  /** Resolves when the previous machine is done. */
  last: Promise<void>;
  failed?: string;
}

export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #limit: ConcurrencyLimit;

  constructor(atOnce = AT_ONCE) {
    this.#limit = new ConcurrencyLimit(atOnce);
  }

  /**
   * Runs the work of one server. After a failure no other server of its group is changed in this run.
   * @param group none: only the overall limit applies
   */
  async run<Result>(group: string | undefined, server: string, work: () => Promise<Result>): Promise<Result> {
    if (group === undefined) return this.#limit.run(work);
    const known = this.#groups.get(group) ?? { last: Promise.resolve() };
    this.#groups.set(group, known);
    const turn = known.last.then(() => this.#turn(known, group, server, work));
    known.last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async #turn<Result>(
    known: Group,
    group: string,
    server: string,
    work: () => Promise<Result>,
  ): Promise<Result> {
    if (known.failed !== undefined)
      throw new GroupStopped(
        `${server} was not touched: ${known.failed}, of the same group "${group}", failed before it in this run; fix that one, then run up again`,
      );
    try {
      return await this.#limit.run(work);
    } catch (error) {
      known.failed = server;
      throw error;
    }
  }
}
