/**
 * The control planes known in one phase: `check` of EtcdMembers provides them, before anything is deleted. The gates of
 * control planes read them, since their own inputs are those of an earlier run.
 */
import { Groups } from "../machine-files/groups";
import type { ControlPlane, ControlPlanes } from "./inputs";

/** How a control plane leaves: permanently, or to return. */
export type Departure =
  /** Its member is removed first: the server does not return, or returns without the data. */
  | { readonly kind: "leaves"; readonly because: "removed" | "data" }
  /** It returns as the same member. */
  | { readonly kind: "returns" };

export class Membership {
  #now: ControlPlanes | undefined;
  #before: ControlPlanes | undefined;
  readonly #turns = new Groups();
  readonly #leaving = new Set<string>();

  /** @param before that of the last run; undefined in the first run that has EtcdMembers */
  remember(now: ControlPlanes | undefined, before: ControlPlanes | undefined): void {
    this.#now = now;
    this.#before = before;
  }

  /** Undefined in a run without EtcdMembers, such as one with targets. */
  get now(): ControlPlanes | undefined {
    return this.#now;
  }

  /** Whether a node is a control plane, of this run or of the previous one. */
  knows(node: string): boolean {
    return this.#self(node).length > 0;
  }

  /** One control plane of a cluster is removed at a time; after a failure no other one in this run. */
  async turn(cluster: string, node: string, work: () => Promise<void>): Promise<void> {
    this.#leaving.add(node);
    await this.#turns.run(`control planes of ${cluster}`, node, work);
  }

  /** Data on a volume return if the server had the volume and keeps it. */
  departure(node: string): Departure {
    const now = named(this.#now, node);
    const before = named(this.#before, node) ?? now;
    if (now === undefined) return { kind: "leaves", because: "removed" };
    return now.data === "volume" && before?.data === "volume"
      ? { kind: "returns" }
      : { kind: "leaves", because: "data" };
  }

  /**
   * Whether a node is known to leave permanently in this run: by the configuration, or since its gate is being deleted.
   */
  leavesForGood(node: string): boolean {
    if (named(this.#now, node) !== undefined) return false;
    return named(this.#before, node) !== undefined || this.#leaving.has(node);
  }

  /** Control planes that can be queried about a node, in order: those that stay, the node itself, those that leave. */
  askable(node: string): readonly ControlPlane[] {
    const stay = this.#now?.all ?? [];
    const gone = (this.#before?.all ?? []).filter((each) => named(this.#now, each.node) === undefined);
    const others = (list: readonly ControlPlane[]) => list.filter((each) => each.node !== node);
    return [...others(stay), ...this.#self(node), ...others(gone)];
  }

  #self(node: string): readonly ControlPlane[] {
    const self = named(this.#now, node) ?? named(this.#before, node);
    return self === undefined ? [] : [self];
  }

  /** The address by which a node's member is known before it has started. */
  address(node: string): string | undefined {
    return this.#self(node)[0]?.ssh.host;
  }
}

function named(of: ControlPlanes | undefined, node: string): ControlPlane | undefined {
  return of?.all.find((each) => each.node === node);
}
