/**
 * The order of the parts in a cluster. The objects of a stage are created after all objects of the stages before it, and
 * deleted before them, so that what others use comes first and goes last.
 */

/** In the order of creation. An environment without parts in a stage has no gap there: the next one waits for the one before. */
export const STAGES = [
  /** The network plugin: before it no pod but those in their node's network starts, and nodes stay NotReady. */
  "network",
  /**
   * The cloud controller manager: it admits pods to new nodes. Its pods run on nodes that nothing else may use yet. And
   * the driver of block volumes, which has to outlive every claim, also those of components.
   */
  "cloud",
  /** Definitions of custom resources that several parts use. A part's own definitions come first within its stage anyway. */
  "definitions",
  /** Admission policies: they apply to everything that is created after them. */
  "policies",
  /** Services with fixed NodePorts: a Service of a later stage that gets a random one cannot take theirs. */
  "ports",
  /** Drivers of volumes, ingress, rights of tenants: they outlive claims and Ingresses of applications. */
  "services",
  /** With what is in their namespaces, such as rights of people. */
  "applications",
] as const;

export type Stage = (typeof STAGES)[number];

/** The items of each stage that has any, in the order of the stages; the order within a stage stays. */
export function byStage<Item extends { readonly stage: Stage }>(
  items: readonly Item[],
): readonly (readonly Item[])[] {
  return STAGES.map((stage) => items.filter((item) => item.stage === stage)).filter(
    (each) => each.length > 0,
  );
}
