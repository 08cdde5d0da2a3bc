/** Type token of EtcdMembers. */
export const ETCD_MEMBERS = "labstead:index:EtcdMembers";
