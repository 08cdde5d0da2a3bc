/** Type token of ClusterReady. */
export const CLUSTER_READY = "labstead:index:ClusterReady";
