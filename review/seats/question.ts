/** Whether a class finds its seats, and how many have to be ready before it comes. */
import type { SeatRow } from "./seats";

/** A class that begins: people, each with one server. */
export interface ClassQuestion {
  readonly people: number;
  /** Minutes in which they all come, one after the other. */
  readonly withinMinutes: number;
  /** Minutes until a node that is added takes pods: boot, join, pull of the image. */
  readonly nodeMinutes: number;
}

export interface ClassAnswer {
  readonly name: string;
  /** Nobody else has a server. */
  readonly fits: boolean;
  /** Nodes to add in one pool, that with the most seats on a node; 0 if they fit, undefined if no pool has any seat. */
  readonly nodesToAdd: number | undefined;
  /** Where nodes are added on demand: seats that must be free before the class comes. */
  readonly placeholders: number;
}

export function classAnswer({ name, seats, pools }: SeatRow, question: ClassQuestion): ClassAnswer {
  const { people } = question;
  const best = Math.max(0, ...pools.map(({ perNode }) => perNode));
  const onNodes = pools.reduce((total, pool) => total + pool.seats, 0);
  const missing = Math.max(0, people - onNodes);
  return {
    name,
    fits: people <= seats,
    nodesToAdd: missing === 0 ? 0 : best === 0 ? undefined : Math.ceil(missing / best),
    placeholders: placeholders(question),
  };
}

/** Those who come before the first added node is ready; afterwards nodes come as fast as people. */
export function placeholders({ people, withinMinutes, nodeMinutes }: ClassQuestion): number {
  return nodeMinutes >= withinMinutes ? people : Math.ceil((people * nodeMinutes) / withinMinutes);
}

/** What the answer supposes, each in one line. */
export function classAssumptions({ people, withinMinutes, nodeMinutes }: ClassQuestion): readonly string[] {
  return [
    `${String(people)} people come evenly within ${String(withinMinutes)} minutes, each starts one server, and nobody else has one`,
    `a node that is added takes pods after ${String(nodeMinutes)} minutes (--node-minutes), image included`,
    "one is added as soon as a placeholder gives its place to a person; the lab itself adds no nodes; apps.hub.scheduling.userPlaceholder keeps some free",
  ];
}
