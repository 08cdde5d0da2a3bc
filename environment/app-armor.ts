/** AppArmor of pods: whether they require the container runtime's profile. */

/**
 * - `off`: a pod asks for nothing. A node with AppArmor confines it by its runtime's profile all the same; a node without
 *   AppArmor runs it unconfined.
 * - `required`: a pod asks for that profile, and a node without AppArmor refuses it.
 */
export type AppArmor = "off" | "required";

/** Key of the context of constructs, from which workloads below one take the setting. */
export const APP_ARMOR_CONTEXT = "labstead.dev/app-armor";
