/** Type token of ClusterInit. */
export const CLUSTER_INIT = "labstead:index:ClusterInit";
