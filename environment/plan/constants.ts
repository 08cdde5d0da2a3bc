/** Port of kube-apiserver on each control plane. */
export const API_PORT = 6443;

/** Reason of the rule that lets the servers' own network connect to the API servers directly. */
export const API_INSIDE = "API for load balancers, tunnels and tenants inside the network";

/** Data directory of etcd on a control plane; the mount point of its volume if it has one. */
export const ETCD_FOLDER = "/var/lib/etcd";

/** Mount point of a node's volume for large data; containerd stores its data below it. */
export const DATA_FOLDER = "/data";

/** All NodePorts that are open for testing, divided among the environments of a cluster (MK). */
export const TEST_WINDOW = { from: 30048, to: 30060 } as const;

/** Security group of all Kubernetes nodes, control plane and workers. */
export const NODES_GROUP = "nodes";
