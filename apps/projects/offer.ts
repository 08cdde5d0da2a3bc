/** What the checks of projects ask of the environment. */

/** Path of a key of one project. */
export type At = (below: string) => string;

/** What an environment has for projects. */
export interface Offer {
  /** The class of volumes that many pods write at once; undefined: none is made here. */
  readonly sharedClass?: string;
  /** Classes whose volumes one node mounts at a time. */
  readonly blockClasses: readonly string[];
  /**
   * Where the API server has groups from: `provider`, `cluster` of somebody else, `none`; `owner`: rights are the
   * owner's to give.
   */
  readonly groups: "provider" | "cluster" | "none" | "owner";
}
