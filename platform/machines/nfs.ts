/** NFS on servers. The kernel's NFS server: every file-system volume of the server is exported to the network, NFSv4 only. */
import type { NonEmpty } from "../../environment/non-empty";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";
import { kubeletMountsNfs } from "../../environment/shared-storage";
import { volumeUnit } from "./base/volumes";
import { bootFile, sealedFile, type MachinePart } from "./config";
import { plainWord } from "../formats/strings";
import { nfsClients } from "./nfs-clients";
import { LIBRARY } from "./paths";
import { after } from "./units";

const EXPORTS = "/etc/exports.d/labstead.exports";
const CHECK = `${LIBRARY}/check-exports`;

export function nfsPart(server: ServerPlan, plan: EnvironmentPlan): MachinePart {
  const shared = plan.volumes.flatMap(({ key, server: owner, use }) =>
    owner === server.key && use.kind === "filesystem" ? [{ key, mountPoint: use.mountPoint }] : [],
  );
  if (shared.length === 0) return {};
  return {
    packages: [{ name: "nfs-kernel-server" }],
    files: [
      bootFile("/etc/nfs.conf.d/labstead.conf", "[nfsd]\nvers3=n\nvers4=y\nudp=n\n"),
      bootFile(CHECK, CHECK_EXPORTS, "0755"),
      sealedFile(
        EXPORTS,
        shared.map(({ mountPoint }) => exportLine(mountPoint, nfsClients(server, plan))).join(""),
        {
          mode: "0644",
          validate: [CHECK, "{}"],
          apply: { kind: "reload", unit: "nfs-server.service" },
        },
      ),
    ],
    units: [
      {
        name: "nfs-server.service",
        dropIns: { "10-labstead": after(shared.map(({ key }) => volumeUnit(key))) },
        state: "enabled",
        needs: [EXPORTS],
      },
    ],
    checks: [
      // exportfs alone would succeed even if the kernel's server is not running.
      { name: "nfs", run: ["systemctl", "is-active", "nfs-server.service"], timeoutSeconds: 60 },
      { name: "exports", run: ["exportfs", "-s"], timeoutSeconds: 30 },
    ],
  };
}

/**
 * Machine parts of nodes on which the kubelet mounts NFS, or the node itself. Mounts use only NFSv4, so the ports that the package's
 * helpers open are not needed.
 */
export function nfsClientParts(
  { mounts = [] }: ServerPlan,
  { sharedStorage, nfsMounts }: EnvironmentPlan,
): readonly MachinePart[] {
  const own = mounts.some(({ kind }) => kind === "nfs");
  if (!own && !kubeletMountsNfs(sharedStorage) && nfsMounts.length === 0) return [];
  return [
    {
      packages: [{ name: "nfs-common" }],
      units: ["rpcbind.socket", "rpcbind.service"].map((name) => ({
        name,
        state: "masked" as const,
        needs: [],
      })),
    },
  ];
}

/** `mp`: exported only while the volume is mounted, else the empty mount point would be shared. */
function exportLine(mountPoint: string, clients: NonEmpty<string>): string {
  const options = "(rw,sync,no_subtree_check,root_squash,mp)";
  return `${plainWord("exports", mountPoint)} ${clients.map((each) => `${plainWord("exports", each)}${options}`).join(" ")}\n`;
}

/**
 * exportfs cannot only parse a file, so it runs where neither its own table nor the kernel's is accessible, and on
 * temporary folders: the volumes may be mounted later.
 */
const CHECK_EXPORTS = `#!/bin/sh
# check-exports FILE: whether exportfs takes these exports.
set -eu
exec unshare --mount --net sh -euc '
  exports=$(cat "$1")
  for folder in /etc/exports.d /var/lib/nfs /mnt; do mount -t tmpfs check "$folder"; done
  [ ! -e /etc/exports ] || mount --bind /dev/null /etc/exports
  echo "$exports" | while read -r path clients; do
    mkdir -p "/mnt$path"
    echo "/mnt$path $clients"
  done > /etc/exports.d/check.exports
  exportfs -r' sh "$1"
`;
