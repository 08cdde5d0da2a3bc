/** Namespace of kube-network-policies: its pods are privileged, so nothing else runs there. */
export const KUBE_NETWORK_POLICIES_NAMESPACE = "kube-network-policies";
