/** NFS-Ganesha: every server of the pool serves the volume to the cluster's nodes, NFSv4 only. */
import type { NonEmpty } from "../../../environment/non-empty";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { NFS_TIMES, SHARED_VOLUME } from "../../../environment/shared-storage";
import { plainWord } from "../../formats/strings";
import { sealedFile, type MachinePart } from "../config";
import { NFS_PORT, nfsClients } from "../nfs-clients";
import { GANESHA_CONFIG, READY, SCRIPTS } from "./paths";

/** The same on all servers: a client's file handles contain it, and so stay valid on another server. */
const EXPORT_ID = 77;
const UNIT = "nfs-ganesha.service";

export function ganeshaPart(server: ServerPlan, plan: EnvironmentPlan): MachinePart {
  return {
    packages: [{ name: "nfs-ganesha" }, { name: "nfs-ganesha-gluster" }],
    files: [
      sealedFile(GANESHA_CONFIG, ganeshaConfig(nfsClients(server, plan)), {
        mode: "0644",
        validate: [`${SCRIPTS}/check-ganesha.sh`, "{}"],
        apply: { kind: "reload", unit: UNIT },
      }),
    ],
    units: [
      { name: UNIT, dropIns: { "10-labstead": DROP_IN }, state: "enabled", needs: [GANESHA_CONFIG] },
      // NFSv4 needs neither the port mapper nor the lock files of the kernel's server.
      { name: "nfs-ganesha-lock.service", state: "masked", needs: [] },
      { name: "rpcbind.service", state: "masked", needs: [] },
      { name: "rpcbind.socket", state: "masked", needs: [] },
    ],
  };
}

/**
 * The package's own settings stay unchanged, so that its updates never prompt. Without a volume Ganesha would start and
 * serve nothing until it is restarted, so it starts only when this server's glusterd has the volume.
 */
const DROP_IN = `[Unit]
After=glusterd.service
Wants=glusterd.service
ConditionPathExists=${READY}

[Service]
Type=simple
EnvironmentFile=
ExecStart=
ExecStart=/usr/bin/ganesha.nfsd -F -L STDOUT -N NIV_EVENT -f ${GANESHA_CONFIG} -p /run/ganesha/labstead.pid
ExecStop=
Restart=always
RestartSec=2
`;

/**
 * Ganesha requests the volume from this server's own glusterd, which is up when Ganesha starts; the data comes from any
 * available bricks. Only the nodes are clients, as in the firewall. Their root is not squashed: the driver in the
 * cluster creates a folder for each claim.
 */
export function ganeshaConfig(nodes: NonEmpty<string>): string {
  return `NFS_CORE_PARAM {
    Protocols = 4;
    NFS_Port = ${NFS_PORT};
    Enable_NLM = false;
    Enable_RQUOTA = false;
}
NFSv4 {
    Lease_Lifetime = ${NFS_TIMES.lease};
    Grace_Period = ${NFS_TIMES.grace};
    Minor_Versions = 0, 1, 2;
    RecoveryBackend = fs;
    Delegations = false;
    Only_Numeric_Owners = true;
}
NFS_KRB5 { Active_krb5 = false; }
EXPORT_DEFAULTS { Access_Type = NONE; SecType = sys; }
EXPORT {
    Export_Id = ${EXPORT_ID};
    Path = "/";
    Pseudo = "/${SHARED_VOLUME}";
    Protocols = 4;
    Transports = TCP;
    Squash = Root_Squash;
    CLIENT { Clients = ${nodes.map((each) => plainWord("Ganesha", each)).join(", ")}; Access_Type = RW; Protocols = 4; Squash = No_Root_Squash; }
    FSAL {
        Name = GLUSTER;
        Hostname = "localhost";
        Volume = "${SHARED_VOLUME}";
        Volpath = "/";
        enable_upcall = true;
        up_poll_usec = 10;
        Transport = tcp;
    }
}
LOG { Default_Log_Level = EVENT; }
`;
}
