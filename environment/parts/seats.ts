/** Servers or pods that a part starts for people, one for each person at a time. */

/** A choice of server, and where it runs. */
export interface SeatClaim {
  /** In `labstead:environment`: `apps.hub.hubs.physics`. */
  readonly path: string;
  /** `physics`, or with the choice `physics: gpu`. */
  readonly name: string;
  /** What one is guaranteed: its requests. */
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  readonly device?: { readonly resource: string; readonly count: number };
  /** Labels that its nodes must have. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Taints that it tolerates. */
  readonly tolerates: readonly { readonly key: string; readonly value: string }[];
  /** How many the part lets run at once, of all choices together, and the path of that setting. */
  readonly atMost: { readonly count: number; readonly path: string };
}
