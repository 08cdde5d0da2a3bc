/**
 * File systems that exist elsewhere, mounted on a node: NFS, CephFS, CernVM-FS, Lustre. A server that does not answer
 * holds up neither the boot nor the node; the unit tries again until it does.
 */
import { cephKey, secretValue } from "../../environment/secrets";
import type { HostMountPlan } from "../../environment/plan/host-mounts";
import type { ServerPlan } from "../../environment/plan/types";
import { assertNever } from "../../errors/assert-never";
import { bootFile, sealedFile, type FileConfig, type MachinePart } from "./config";
import { shellSettings } from "../formats/shell";
import { LIBRARY, SETTINGS, UNITS } from "./paths";

const SCRIPT = `${LIBRARY}/host-mount`;

export function hostMountParts({ mounts = [] }: ServerPlan): readonly MachinePart[] {
  if (mounts.length === 0) return [];
  return [
    {
      packages: mounts.flatMap(packagesOf),
      files: [
        bootFile(SCRIPT, MOUNT_SCRIPT, "0755"),
        bootFile(`${UNITS}/labstead-mount@.service`, TEMPLATE),
        ...mounts.map(settings),
        ...once(mounts.flatMap(filesOf)),
      ],
      units: mounts.map(({ name, ...mount }) => ({
        name: `labstead-mount@${name}.service`,
        state: "enabled",
        needs: mount.kind === "cephfs" ? [keyFile(mount.client)] : [],
      })),
      checks: mounts.map(({ name, where }) => ({
        name: `mount ${name}`,
        run: ["mountpoint", "--quiet", where],
        timeoutSeconds: 120,
      })),
    },
  ];
}

/** Programs that mount. Those of NFS are every NFS client's of the node. */
function packagesOf(mount: HostMountPlan): readonly { readonly name: string }[] {
  switch (mount.kind) {
    case "nfs":
      return [];
    case "cephfs":
      return [{ name: "ceph-common" }];
    case "cvmfs":
    case "lustre":
      return mount.package === undefined ? [] : [{ name: mount.package }];
    default:
      return assertNever(mount);
  }
}

function keyFile(client: string): string {
  return `${SETTINGS}/ceph/${client}.key`;
}

/** Beside its settings: the key of a client, and how CernVM-FS reaches a repository. */
function filesOf(mount: HostMountPlan): readonly FileConfig[] {
  switch (mount.kind) {
    case "nfs":
    case "lustre":
      return [];
    case "cephfs": {
      const { client } = mount;
      return [sealedFile(keyFile(client), `${secretValue(cephKey(client)).toString()}\n`)];
    }
    case "cvmfs": {
      const { repository, proxies } = mount;
      const proxy = proxies.length === 0 ? "DIRECT" : proxies.join("|");
      return [
        bootFile(`/etc/cvmfs/config.d/${repository}.local`, shellSettings({ CVMFS_HTTP_PROXY: proxy })),
      ];
    }
    default:
      return assertNever(mount);
  }
}

/** Two mounts may have the same client. */
function once(files: readonly FileConfig[]): readonly FileConfig[] {
  return files.filter(({ path }, index) => files.findIndex((other) => other.path === path) === index);
}

/** Sourced by the script. */
function settings(mount: HostMountPlan): FileConfig {
  const { type, what, options } = mounted(mount);
  const values = { TYPE: type, WHAT: what, WHERE: mount.where, OPTIONS: [...options, ...SAFE].join(",") };
  return bootFile(`${SETTINGS}/mounts/${mount.name}`, shellSettings(values));
}

/** Nothing there is a device or gives rights of its owner. */
const SAFE = ["nosuid", "nodev"] as const;

interface Mounted {
  readonly type: string;
  readonly what: string;
  readonly options: readonly string[];
}

function mounted(mount: HostMountPlan): Mounted {
  switch (mount.kind) {
    case "nfs":
      return {
        type: "nfs",
        what: `${mount.server}:${mount.path}`,
        // `hard`: a program waits for a server that is away, and loses nothing.
        options: [`vers=${mount.version}`, "hard", access(mount)],
      };
    case "cephfs":
      return {
        type: "ceph",
        what: `${mount.monitors.join(",")}:${mount.path}`,
        options: [
          `name=${mount.client}`,
          `secretfile=${keyFile(mount.client)}`,
          `fs=${mount.fileSystem}`,
          access(mount),
        ],
      };
    case "cvmfs":
      return { type: "cvmfs", what: mount.repository, options: ["ro"] };
    case "lustre":
      return {
        type: "lustre",
        what: `${mount.servers.join(":")}:/${mount.fileSystem}`,
        // Locks hold between nodes.
        options: ["flock", access(mount)],
      };
    default:
      return assertNever(mount);
  }
}

function access({ readOnly }: { readonly readOnly: boolean }): "ro" | "rw" {
  return readOnly ? "ro" : "rw";
}

const TEMPLATE = `[Unit]
Description=File system %i, which exists elsewhere
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${SCRIPT} start %i
ExecStop=${SCRIPT} stop %i
TimeoutStartSec=120
Restart=on-failure
RestartSec=30

[Install]
WantedBy=multi-user.target
`;

/** Without its file system the folder takes no file, so that nothing is written to the node's own disk. */
const MOUNT_SCRIPT = `#!/bin/sh
# Mounts a file system that exists elsewhere, or takes it away: host-mount start|stop NAME
set -eu
. ${SETTINGS}/mounts/"$2"
if [ "$1" = stop ]; then
  exec umount --lazy "$WHERE"
fi
if mountpoint --quiet "$WHERE"; then
  exit 0
fi
mkdir -p "$WHERE"
chmod 0555 "$WHERE"
exec mount -t "$TYPE" -o "$OPTIONS" "$WHAT" "$WHERE"
`;
