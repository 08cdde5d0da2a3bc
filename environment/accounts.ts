/** Accounts that the program creates on servers, and the tunnel through one of them. */

/**
 * The account of operators and of pushes, whatever the image's own is called. cloud-init gives it the
 * key pair of the server.
 */
export const OPERATOR = "labstead";

/** The bastion's account for forwarded connections only. */
export const JUMP = "jump";

/** Port of the SOCKS proxy that a tunnel through the bastion opens on the operator's machine (`ssh -D`). */
export const TUNNEL_PORT = 1080;

/** Characters of the longest name that useradd(8) accepts. */
export const LONGEST_ACCOUNT = 32;

/**
 * Accounts and groups of Debian and Ubuntu (base-passwd, the images' own users) and of the packages that servers get:
 * useradd(8) refuses the name of an existing account or group.
 */
const TAKEN_ACCOUNTS: ReadonlySet<string> = new Set([
  ...[
    "root",
    "daemon",
    "bin",
    "sys",
    "sync",
    "games",
    "man",
    "lp",
    "mail",
    "news",
    "uucp",
    "proxy",
    "www-data",
  ],
  ...[
    "backup",
    "list",
    "irc",
    "gnats",
    "nobody",
    "nogroup",
    "adm",
    "tty",
    "disk",
    "kmem",
    "dialout",
    "fax",
    "voice",
  ],
  ...[
    "cdrom",
    "floppy",
    "tape",
    "sudo",
    "audio",
    "dip",
    "operator",
    "src",
    "shadow",
    "utmp",
    "video",
    "sasl",
  ],
  ...[
    "plugdev",
    "staff",
    "users",
    "input",
    "sgx",
    "kvm",
    "render",
    "crontab",
    "netdev",
    "lxd",
    "docker",
    "wheel",
  ],
  ...[
    "debian",
    "ubuntu",
    "admin",
    "messagebus",
    "sshd",
    "ssh",
    "syslog",
    "uuidd",
    "tss",
    "tcpdump",
    "landscape",
  ],
  ...[
    "pollinate",
    "polkitd",
    "fwupd-refresh",
    "dnsmasq",
    "dhcpcd",
    "sssd",
    "usbmux",
    "rtkit",
    "avahi",
    "ntp",
  ],
  ...["prometheus", "haproxy", "keepalived", "statd", "gluster", "ganesha", "etcd", "heketi", JUMP],
]);

/** Whether a server already has an account or a group of this name, or reserves it for systemd. */
export function isTakenAccount(name: string): boolean {
  return TAKEN_ACCOUNTS.has(name) || name.startsWith("systemd-");
}
