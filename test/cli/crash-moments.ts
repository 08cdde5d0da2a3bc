/** When runs are killed: spread over the whole run, and the same again from the same seed. */
import type { State } from "./crash-listing";

export type Verb = "up" | "destroy";

/** A resource, as a fault names it. */
export interface Named {
  readonly type: string;
  readonly name: string;
}

export type Moment =
  /** The engine has asked for it and written that down; the cloud has not begun. */
  | ({ readonly kind: "stalled" } & Named)
  /** The cloud has done it; the engine does not know. */
  | ({ readonly kind: "unanswered" } & Named)
  /** Some time after the state has come to so many resources: whatever is done then, also while it is written. */
  | { readonly kind: "timed"; readonly resources: number; readonly milliseconds: number };

export interface Kill {
  readonly moment: Moment;
  /** The built-in cloud dies with the engine; else it ends what it has begun, as a real one does. */
  readonly cloud: boolean;
}

/** Of three kills two are at a precise moment of one resource. */
const KINDS = ["unanswered", "stalled", "timed"] as const;
/** Share of the kills that the cloud does not survive. */
const CLOUD_DIES = 0.3;
/** Longest time that a kill comes after its number of resources, in milliseconds: some operations. */
const LATER = 200;

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export function generator(start: number): () => number {
  let a = start;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Resources for which a provider is asked, in the order in which the engine recorded them. */
export function resourcesOf({ resources }: State): readonly Named[] {
  return resources
    .filter(({ type, id }) => id !== undefined && !type.startsWith("pulumi:"))
    .map(({ type, urn }) => ({ type, name: urn.split("::").slice(3).join("::") }));
}

/** How far a lab is. */
export interface Progress {
  /** Whether a resource still lies ahead. */
  ahead(each: Named): boolean;
  /** How many resources its state has. */
  readonly resources: number;
}

/** Plans the kills of one life of a lab: later and later moments of its creation or deletion. */
export class Schedule {
  readonly #shares: readonly number[];
  readonly #first: number;

  /**
   * @param order all resources, in the order of their creation or deletion
   * @param most resources of the whole lab's state
   */
  constructor(
    private readonly verb: Verb,
    private readonly order: readonly Named[],
    private readonly most: number,
    kills: number,
    private readonly random: () => number,
  ) {
    // One in each part of the order, so that together they cover it.
    this.#shares = Array.from({ length: kills }, (_, index) => (index + random()) / kills);
    this.#first = Math.floor(random() * KINDS.length);
  }

  /** Undefined if nothing lies ahead that could be hit. */
  kill(index: number, progress: Progress): Kill | undefined {
    const share = this.#shares[index] ?? 1;
    const cloud = this.random() < CLOUD_DIES;
    const milliseconds = Math.floor(this.random() * LATER);
    const kind = KINDS[(this.#first + index) % KINDS.length] ?? "timed";
    if (kind === "timed") {
      const resources = this.resources(share, progress.resources);
      return resources === undefined ? undefined : { moment: { kind, resources, milliseconds }, cloud };
    }
    const target = this.order
      .slice(Math.floor(share * this.order.length))
      .find((each) => progress.ahead(each));
    return target === undefined ? undefined : { moment: { kind, ...target }, cloud };
  }

  /** At this share of the order, and beyond what there is now. */
  private resources(share: number, now: number): number | undefined {
    if (this.verb === "up") {
      const wanted = Math.max(Math.floor(share * this.most), now + 1);
      return wanted < this.most ? wanted : undefined;
    }
    const wanted = Math.min(Math.floor((1 - share) * this.most), now - 1);
    return wanted > 0 ? wanted : undefined;
  }
}

export function momentText({ moment, cloud }: Kill): string {
  const also = cloud ? ", and the cloud" : "";
  switch (moment.kind) {
    case "timed":
      return `${String(moment.milliseconds)} ms after ${String(moment.resources)} resources${also}`;
    case "stalled":
      return `before ${moment.name}${also}`;
    case "unanswered":
      return `after ${moment.name}, unanswered${also}`;
  }
}
