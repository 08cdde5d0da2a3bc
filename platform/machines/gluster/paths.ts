/** Paths on a shared storage server. */
import { LIBRARY, RUNTIME, SETTINGS } from "../paths";

export const SCRIPTS = `${LIBRARY}/gluster`;
/** Settings of the server itself, from its first boot. */
export const SERVER_SETTINGS = `${SETTINGS}/gluster/server.env`;
/** Settings of the pool and the volume, pushed because they change when the pool grows. */
export const POOL_SETTINGS = `${SETTINGS}/gluster/pool.env`;
/** Exists once the volume can be served. */
export const READY = `${RUNTIME}/gluster-volume`;
/** Mount points of bricks are below it, named by their volumes. */
export const BRICKS_FOLDER = "/srv/gluster";

export const STORAGE_UNIT = "labstead-gluster-storage.service";
export const RECONCILE = "labstead-gluster";

export const GANESHA_CONFIG = "/etc/ganesha/labstead.conf";

export const HEKETI_ACCOUNT = "heketi";
export const HEKETI_CONFIG = "/etc/heketi/heketi.json";
export const HEKETI_KEY = "/etc/heketi/ssh_key";
export const HEKETI_TOPOLOGY = `${SETTINGS}/gluster/topology.json`;
export const HEKETI_PUBLIC_KEY = `${SETTINGS}/gluster/heketi.pem`;
