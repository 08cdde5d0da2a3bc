/** Port of kube-apiserver on each control plane. */
export const API_PORT = 6443;

/** All NodePorts that are open for testing, divided among the environments of a cluster (MK). */
export const TEST_WINDOW = { from: 30048, to: 30060 } as const;

/** Security group of all Kubernetes nodes, control plane and workers. */
export const NODES_GROUP = "nodes";
