/** Type token of ClusterMade. */
export const CLUSTER_MADE = "labstead:index:ClusterMade";
