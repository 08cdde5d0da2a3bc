/** Namespace of Calico: its pods are privileged, so nothing else runs there. */
export const CALICO_NAMESPACE = "calico-system";
