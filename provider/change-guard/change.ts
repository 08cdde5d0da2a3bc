/** A change that the guard evaluates. */
import type { GuardedFact, GuardedResource } from "./inputs";

/** One fact of one resource that would change. */
export interface Change {
  readonly key: string;
  readonly resource: GuardedResource;
  readonly name: string;
  readonly fact: GuardedFact;
  readonly was: string;
}
