/** Settings of an engine that writes its state at the end of a run only: a run that is killed leaves none. */
export const SKIP_CHECKPOINTS = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" } as const;
