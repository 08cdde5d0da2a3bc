/** Namespace of Flannel: its pods use the network of their node, so nothing else runs there. */
export const FLANNEL_NAMESPACE = "kube-flannel";
