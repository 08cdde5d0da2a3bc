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
      // exportfs alone would be content without a server in the kernel.
      { name: "nfs", run: ["systemctl", "is-active", "nfs-server.service"], timeoutSeconds: 60 },
      { name: "exports", run: ["exportfs", "-s"], timeoutSeconds: 30 },
    ],
  };
}

/**
 * Machine parts of nodes where the kubelet itself mounts NFS. Mounts are NFSv4 alone, so nobody has to answer on the ports that
 * the package's helpers open.
 */
export function nfsClientParts({ sharedStorage }: EnvironmentPlan): readonly MachinePart[] {
  if (!kubeletMountsNfs(sharedStorage)) return [];
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

/** `mp`: not while the volume is not mounted, else the empty folder below it would be shared. */
function exportLine(mountPoint: string, clients: NonEmpty<string>): string {
  const options = "(rw,sync,no_subtree_check,root_squash,mp)";
  return `${plainWord("exports", mountPoint)} ${clients.map((each) => `${plainWord("exports", each)}${options}`).join(" ")}\n`;
}

/**
 * exportfs has no way to only read a file, so it works where neither its own table nor the kernel's is in reach, and on
 * folders that are there: the volumes may be mounted later.
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
