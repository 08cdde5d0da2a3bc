/** Namespace of the job that collects failed pods. */
export const FAILED_PODS_NAMESPACE = "failed-pods";
