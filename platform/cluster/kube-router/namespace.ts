/** Namespace of kube-router: its pods are privileged, so nothing else runs there. */
export const KUBE_ROUTER_NAMESPACE = "kube-router";
