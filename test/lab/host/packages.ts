/**
 * The Debian packages that tests of real services use on the host, each with the programs that they start of it and of
 * what it depends on. Those of packages that every Debian has are here too. None stands after a package that other
 * programs load by themselves: a library, a plugin.
 */
export const PACKAGES = {
  apt: "apt-cache apt-get",
  bash: "bash",
  "busybox-static": "busybox",
  "cinder-common": "cinder-manage cinder-wsgi",
  "cinder-scheduler": "cinder-scheduler",
  chromium: "chromium",
  coreutils:
    "basename cat chmod chown chroot cp cut dirname env head id install ln mkdir mktemp nice rm seq sha256sum sleep sort stat tail timeout touch truncate",
  curl: "curl",
  dash: "sh",
  debootstrap: "debootstrap",
  dpkg: "dpkg-deb",
  e2fsprogs: "mkfs.ext4",
  fdisk: "sfdisk",
  findutils: "find xargs",
  // Called by Go, for programs with C code.
  gcc: "",
  "glance-common": "glance-manage glance-wsgi-api",
  grep: "grep",
  gzip: "gzip",
  haproxy: "haproxy",
  iproute2: "ip",
  "iputils-ping": "ping",
  kmod: "depmod modprobe",
  "libc-bin": "ldd",
  "libc6-dev": "",
  libnfs13: "",
  "mariadb-server": "mariadb mariadb-install-db mariadbd",
  memcached: "memcached",
  mount: "losetup mount umount",
  "neutron-common": "neutron-db-manage neutron-server",
  "nfs-common": "mount.nfs",
  "nfs-ganesha": "ganesha.nfsd",
  "nfs-ganesha-vfs": "",
  nftables: "nft",
  "nova-common": "nova-api-wsgi nova-manage",
  "nova-conductor": "nova-conductor",
  "nova-scheduler": "nova-scheduler",
  "octavia-common": "octavia-db-manage octavia-wsgi",
  "octavia-worker": "octavia-worker",
  "openssh-client": "ssh ssh-keygen",
  "openssh-server": "sshd",
  openssl: "openssl",
  "placement-api": "placement-api placement-manage",
  procps: "kill pgrep pkill ps sysctl",
  python3: "python3",
  "python3-keystone": "keystone-manage keystone-wsgi-public",
  "python3-memcache": "",
  "python3-octaviaclient": "",
  "python3-openstackclient": "openstack",
  "python3-pymemcache": "",
  "python3-pymysql": "",
  "python3-venv": "",
  "qemu-system-x86": "qemu-system-x86_64",
  // Cinder's volumes are made by it.
  "qemu-utils": "",
  "rabbitmq-server": "epmd rabbitmq-server rabbitmqctl",
  rpcbind: "rpcinfo",
  sed: "sed",
  shellcheck: "shellcheck",
  slapd: "slapadd slapd",
  "swift-account": "swift-account-server",
  "swift-container": "swift-container-server",
  "swift-object": "swift-object-server",
  "swift-proxy": "swift-proxy-server swift-ring-builder",
  systemd: "systemctl systemd-analyze",
  "systemd-container": "systemd-nspawn",
  tar: "tar",
  "util-linux": "blkid findmnt flock mountpoint nsenter pivot_root setpriv setsid unshare wipefs",
  "uwsgi-plugin-python3": "uwsgi",
  "wireguard-go": "wireguard-go",
  "wireguard-tools": "wg wg-quick",
  xfsprogs: "mkfs.xfs",
} as const;

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text;

export type Package = keyof typeof PACKAGES;
/** A program of the host that has a package. */
export type Program = Exclude<Words<(typeof PACKAGES)[Package]>, "">;

const PACKAGE_OF: ReadonlyMap<string, Package> = new Map(
  (Object.keys(PACKAGES) as Package[]).flatMap((name) =>
    PACKAGES[name]
      .split(" ")
      .filter(Boolean)
      .map((program) => [program, name] as const),
  ),
);

/** The package that a program comes with, if it is known. */
export function packageOf(program: string): Package | undefined {
  return PACKAGE_OF.get(program);
}
