/**
 * How an object represents Kubernetes' default values. The meaning to the API server is the same, but Pulumi and
 * people, who compare what was written, see a difference. So an object keeps the spelling with which it was first
 * created.
 * - `full`: with defaults that were not set explicitly, quantities in the unit of the source (`2048Mi`), and the label
 *   by which the library selects pods.
 * - `lean`: only explicit values, and quantities as the API server returns them (`2Gi`).
 *
 * Changing it for running pods adds or removes one of their labels, which restarts them.
 */
export type Spelling = "full" | "lean";
