/** What an adoption could not place, and what it decided without knowing. */

/** One thing that the environment does not contain. */
export interface Unplaced {
  /** `server`, `volume`, `security group rule`, … */
  readonly kind: string;
  readonly name: string;
  /** OpenStack's id; absent for what is not a thing of the cloud. */
  readonly id?: string;
  readonly why: string;
  /** How it can be placed, or that it may stay. */
  readonly way: string;
}

/** A setting that cannot be seen from outside. */
export interface Assumption {
  /** Path in the environment. */
  readonly setting: string;
  readonly assumed: string;
  readonly why: string;
}
