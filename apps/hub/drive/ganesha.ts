/** NFS-Ganesha's configuration of a drive. */
import { NFS_TIMES } from "../../../environment/shared-storage";
import { assertNever } from "../../../errors/assert-never";
import { DRIVE_EXPORTS, DRIVE_PORTS, DRIVE_ROOT, SQUASHED } from "./names";
import type { DrivePlan } from "./plan";

/** Folder of the volume in which it remembers its clients: after a restart they reclaim what they had open. */
export const RECOVERY = `${DRIVE_ROOT}/.ganesha`;

/**
 * NFSv4 only: one port, no port mapper. Only nodes reach the port, by the network policy, so the exports name no clients.
 * Ids of exports are in clients' file handles, and never change.
 */
export function ganeshaConfig({ owner }: Pick<DrivePlan, "owner">): string {
  return `NFS_CORE_PARAM {
    Protocols = 4;
    NFS_Port = ${DRIVE_PORTS.nfs};
    Enable_NLM = false;
    Enable_RQUOTA = false;
}
NFSv4 {
    Lease_Lifetime = ${NFS_TIMES.lease};
    Grace_Period = ${NFS_TIMES.grace};
    Minor_Versions = 0, 1, 2;
    RecoveryBackend = fs;
    RecoveryRoot = "${RECOVERY}";
    Delegations = false;
    Only_Numeric_Owners = true;
}
NFS_KRB5 { Active_krb5 = false; }
EXPORT_DEFAULTS { Access_Type = NONE; SecType = sys; }
${exported(1, DRIVE_EXPORTS.homes, squashOf(owner))}
${exported(2, DRIVE_EXPORTS.shared, ALL_SQUASHED)}
LOG { Default_Log_Level = EVENT; }
`;
}

/** For all users: several people write a shared directory, and change each other's files. */
const ALL_SQUASHED = `Squash = All_Squash; Anonymous_Uid = ${SQUASHED.uid}; Anonymous_Gid = ${SQUASHED.gid};`;

/** Root of a node is nobody: the kubelet makes no folder that its person could not write. */
function squashOf(owner: DrivePlan["owner"]): string {
  switch (owner) {
    case "shared-uid":
      return ALL_SQUASHED;
    case "own-uid":
      return "Squash = Root_Squash;";
    default:
      return assertNever(owner);
  }
}

function exported(id: number, path: string, squash: string): string {
  return `EXPORT {
    Export_Id = ${id};
    Path = "${DRIVE_ROOT}${path}";
    Pseudo = "${path}";
    Protocols = 4;
    Transports = TCP;
    Access_Type = RW;
    ${squash}
    FSAL { Name = VFS; }
}`;
}
