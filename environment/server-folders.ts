/**
 * Folders of a server that are written to before a volume is mounted. A volume at or above one of them hides its
 * content, and writers do not wait for a volume below it. The test beside it compares them with all files that servers
 * get.
 */
import { OPERATOR } from "./accounts";
import type { ServerRole } from "./config";
import { ETCD_FOLDER, DATA_FOLDER } from "./plan/constants";
import { isNodeRole } from "./plan/rolling";
import { HEKETI_FOLDER } from "./shared-storage";

export interface ServerFolder {
  readonly folder: string;
  /** Who writes there, for messages. */
  readonly who: string;
  /** Mount point of a volume that whoever writes there waits for. @default none */
  readonly waitsFor?: string;
}

const of = (who: string, folders: readonly string[]): readonly ServerFolder[] =>
  folders.map((folder) => ({ folder, who }));

const EVERYWHERE: readonly ServerFolder[] = [
  ...of("the operating system", [
    ...["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/root", "/run"],
    ...[
      "/sbin",
      "/snap",
      "/sys",
      "/tmp",
      "/usr",
      "/var/backups",
      "/var/lock",
      "/var/mail",
      "/var/run",
      "/var/tmp",
    ],
    ...[
      "/var/lib/cloud",
      "/var/lib/dbus",
      "/var/lib/pam",
      "/var/lib/private",
      "/var/lib/systemd",
      "/var/lib/ucf",
    ],
    ...["/var/lib/chrony", "/var/spool/cron"],
  ]),
  ...of("the package manager", ["/var/cache/apt", "/var/cache/debconf", "/var/lib/apt", "/var/lib/dpkg"]),
  ...of("the system's log", ["/var/log", "/var/spool/rsyslog"]),
  ...of(`the account ${OPERATOR}`, [`/home/${OPERATOR}`]),
];

const NODES: readonly ServerFolder[] = [
  ...of("the kubelet", ["/var/lib/kubelet"]),
  ...of("containerd", ["/var/lib/containerd", "/opt/containerd"]),
  { folder: `${DATA_FOLDER}/containerd`, who: "containerd", waitsFor: DATA_FOLDER },
  ...of("the network plugin", ["/opt/cni", "/var/lib/cni"]),
];

const OF_ROLE: Readonly<Record<ServerRole, readonly ServerFolder[]>> = {
  bastion: [],
  gateway: of("HAProxy", ["/var/lib/haproxy"]),
  loadBalancer: of("HAProxy", ["/var/lib/haproxy"]),
  controlPlane: [{ folder: ETCD_FOLDER, who: "etcd", waitsFor: ETCD_FOLDER }],
  workers: [],
  gluster: [
    { folder: HEKETI_FOLDER, who: "Heketi", waitsFor: HEKETI_FOLDER },
    ...of("the account heketi", ["/home/heketi"]),
    ...of("Gluster", ["/srv/gluster", "/var/lib/glusterd"]),
    ...of("the NFS server", ["/var/lib/nfs"]),
  ],
  nfs: of("the NFS server", ["/var/lib/nfs"]),
  applicationServers: [],
  desktops: [],
};

/** All folders of a server of a role. @param accounts names of its users beside the operators' */
export function serverFolders(role: ServerRole, accounts: readonly string[]): readonly ServerFolder[] {
  return [
    ...EVERYWHERE,
    ...accounts.map((name) => ({ folder: `/home/${name}`, who: `the account ${name}` })),
    ...(isNodeRole(role) ? NODES : []),
    ...OF_ROLE[role],
  ];
}

/** True if a folder is another one, or is inside it. */
export function isWithin(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(`${other}/`);
}

/** True if one of two folders is inside the other, or they are the same. */
export function overlap(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}
