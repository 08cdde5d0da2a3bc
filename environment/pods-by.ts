/** Services in front of pods that no workload of the charts makes. */

/** Annotation of such a Service: who makes its pods. The review takes a selector without pods for intended then. */
export const PODS_BY_ANNOTATION = "labstead.dev/pods-by";
