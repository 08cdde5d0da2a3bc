/** Paths on a node. */
import { DATA_FOLDER, ETCD_FOLDER } from "../../../environment/plan/constants";
import { LIBRARY, SETTINGS } from "../paths";

export const SCRIPTS = `${LIBRARY}/kubernetes`;
export const NODE = `${SETTINGS}/kubernetes`;
export const NODE_SETTINGS = `${NODE}/node.env`;
export const DISCOVERY = `${NODE}/discovery.conf`;
export const JOIN = `${NODE}/kubeadm-join.yaml`;

/** Pushed to control planes. */
export const AUTHORITIES_FOLDER = `${NODE}/pki`;
export const INIT = `${NODE}/kubeadm.yaml`;
export const CLUSTER_INIT = `${NODE}/kubeadm-found.yaml`;
export const NODE_LABELS = `${NODE}/node-labels`;
/** The permit to initialize the cluster: given to one server, once. */
export const PERMIT = `${NODE}/init-permit`;
/** The lab's only folder that the API server can access. */
export const API_SERVER = `${NODE}/apiserver`;
export const ENCRYPTION = `${API_SERVER}/encryption.yaml`;
export const AUDIT_POLICY = `${API_SERVER}/audit-policy.yaml`;
export const AUDIT_LOGS = "/var/log/kubernetes/audit";

/** etcd's volume; the data is in a subdirectory, because the file system has its own `lost+found` here. */
export const ETCD = ETCD_FOLDER;
export const ETCD_DATA = `${ETCD}/data`;
/** Volume of workers and control planes for large data. */
export const DATA = DATA_FOLDER;
