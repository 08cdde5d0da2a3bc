/**
 * How an object writes what Kubernetes would fill in by itself. It means the same to the API server; but whoever compares
 * what was written, Pulumi and people, sees a difference. So an object keeps the spelling that it was first made in.
 * - `full`: with the defaults that nobody chose, quantities in the unit of the source (`2048Mi`), and the label by which
 *   the library addresses pods.
 * - `lean`: only what somebody chose, and quantities as the API server returns them (`2Gi`).
 *
 * To change it for pods that run adds or removes a label of theirs, which restarts them.
 */
export type Spelling = "full" | "lean";
