/**
 * Changes that disturb what runs, and that a person may allow, by what they do.
 * - `restart`: in place, with a stop of what runs
 * - `replace`: deleted and recreated, without what was on it
 * - `interrupt`: in place, and what runs loses connections or has to be mended by hand
 * - `later`: nothing, until the server is rolled
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
