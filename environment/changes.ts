/**
 * Disruptive changes that a person may allow, by their effect.
 * - `restart`: in place, with a restart
 * - `replace`: deleted and recreated, without its data
 * - `interrupt`: in place, with lost connections or manual repair
 * - `later`: no effect until the server is rolled
 * - `release`: refused by the machine, unless it is rolled to the next minor release of Kubernetes
 */
export const DISRUPTIONS = ["restart", "replace", "interrupt", "later", "release"] as const;
export type Disruption = (typeof DISRUPTIONS)[number];

/** A change that a person has allowed. */
export interface AllowedChange {
  /** Key of the resource; `*` stands for any characters. */
  readonly resource: string;
  readonly change: Disruption;
  /** The new value. */
  readonly to: string;
}
