/**
 * Shared storage servers: Gluster, and its front end: NFS-Ganesha on all of them, or Heketi on the first one.
 *
 * No server performs a one-time set-up of the pool. Each server runs the same script every half minute, which
 * reconciles the pool with the plan. So a server may be added late, restarted or replaced at any time.
 */
import { assertNever } from "../../../errors/assert-never";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { STORAGE_VIP, usesHeketi } from "../../../environment/shared-storage";
import { volumeUnit } from "../base/volumes";
import { bootFile, sealedFile, type FileConfig, type MachinePart, type UnitConfig } from "../config";
import type { HeldVip, HolderCheck } from "../gateway/keepalived";
import { vipPart } from "../gateway/vip";
import { after } from "../units";
import { ganeshaPart } from "./ganesha";
import { heketiPart } from "./heketi";
import { POOL_SETTINGS, RECONCILE, SCRIPTS, SERVER_SETTINGS, STORAGE_UNIT } from "./paths";
import { poolOf, poolSettings, serverSettings, type Pool } from "./pool";
import { scriptText } from "./script-text";

/** Machine parts of a Gluster server by mode; none if the plan's shared storage is not Gluster. */
export function glusterParts(server: ServerPlan, plan: EnvironmentPlan): readonly MachinePart[] {
  const pool = poolOf(plan);
  if (pool === undefined) return [];
  return [glusterPart(server, pool, plan), ...frontParts(server, pool, plan)];
}

/** Machine parts of nodes on which the kubelet itself mounts Gluster volumes. */
export function glusterClientParts({ sharedStorage }: EnvironmentPlan): readonly MachinePart[] {
  return usesHeketi(sharedStorage) ? [{ packages: [{ name: "glusterfs-client" }] }] : [];
}

function frontParts(server: ServerPlan, pool: Pool, plan: EnvironmentPlan): readonly MachinePart[] {
  switch (pool.storage.mode) {
    case "nfs":
      return [ganeshaPart(server, plan), vipPart(server, heldVips(pool, plan), NFS_ANSWERS)];
    case "heketi-intree":
      return [heketiPart(server, pool, plan)];
    default:
      return assertNever(pool.storage.mode);
  }
}

/** A server may hold the address while its Ganesha responds to a call. */
const NFS_ANSWERS: HolderCheck = { name: "ganesha", command: `${SCRIPTS}/nfs-answers.sh` };

function heldVips({ servers }: Pool, { vips }: EnvironmentPlan): readonly HeldVip[] {
  return vips.filter(({ key }) => key === STORAGE_VIP).map((vip) => ({ vip, holders: servers }));
}

function glusterPart(server: ServerPlan, pool: Pool, plan: EnvironmentPlan): MachinePart {
  const bricks = pool.storage.mode === "nfs" ? [{ name: "xfsprogs" }] : [];
  return {
    packages: [{ name: "glusterfs-server" }, { name: "glusterfs-client" }, { name: "attr" }, ...bricks],
    files: glusterFiles(server, pool, plan),
    units: glusterUnits(server, plan),
    checks: [{ name: "glusterd", run: ["gluster", "pool", "list"], timeoutSeconds: 120 }],
  };
}

const COMMON = ["common.sh", "storage.sh", "reconcile.sh"];
const NFS = ["quotas.sh", "refill.sh", "status.sh", "check-ganesha.sh", "nfs-answers.sh"];

function glusterFiles(server: ServerPlan, pool: Pool, plan: EnvironmentPlan): readonly FileConfig[] {
  const scripts = [...COMMON, ...(pool.storage.mode === "nfs" ? NFS : [])];
  return [
    ...scripts.map((name) => bootFile(`${SCRIPTS}/${name}`, scriptText(name), "0755")),
    bootFile(SERVER_SETTINGS, serverSettings(server, pool, plan)),
    sealedFile(POOL_SETTINGS, poolSettings(pool, plan), {
      mode: "0644",
      validate: ["bash", "-n", "{}"],
      apply: { kind: "none" },
    }),
  ];
}

function glusterUnits(server: ServerPlan, plan: EnvironmentPlan): readonly UnitConfig[] {
  const volumes = plan.volumes
    .filter((volume) => volume.server === server.key && volume.use.kind !== "swap")
    .map(({ key }) => volumeUnit(key));
  return [
    {
      name: STORAGE_UNIT,
      content: STORAGE,
      dropIns: { "10-volumes": after(volumes) },
      state: "enabled",
      needs: [],
    },
    { name: "glusterd.service", dropIns: { "10-labstead": GLUSTERD }, state: "enabled", needs: [] },
    { name: `${RECONCILE}.service`, content: RECONCILES, state: "disabled", needs: [] },
    { name: `${RECONCILE}.timer`, content: TIMER, state: "enabled", needs: [] },
    {
      name: `${RECONCILE}.path`,
      content: PATH,
      state: "enabled",
      needs: [],
    },
  ];
}

const STORAGE = `[Unit]
Description=Volumes of this storage server
Before=glusterd.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${SCRIPTS}/storage.sh
# A volume that was empty or unclean takes its time.
TimeoutStartSec=30min

[Install]
WantedBy=multi-user.target
`;

/** Bricks keep running without glusterd: clients do not notice when it stops or is restarted by an update. */
const GLUSTERD = `[Unit]
Requires=${STORAGE_UNIT}
After=${STORAGE_UNIT} network-online.target
Wants=network-online.target
Before=
StartLimitIntervalSec=0

[Service]
KillMode=process
Restart=on-failure
RestartSec=5
`;

const RECONCILES = `[Unit]
Description=The storage pool becomes what the plan says
# Not required: its script stops glusterd where a server takes an old one's place, and has to live on.
Wants=glusterd.service
After=glusterd.service
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=${SCRIPTS}/reconcile.sh
TimeoutStartSec=30min
`;

const TIMER = `[Unit]
Description=The storage pool is looked at

[Timer]
OnActiveSec=1s
OnUnitInactiveSec=30s
AccuracySec=1s

[Install]
WantedBy=timers.target
`;

/** Applies new settings at once instead of within the next half minute. */
const PATH = `[Unit]
Description=The storage pool's settings have changed

[Path]
PathChanged=${POOL_SETTINGS}
Unit=${RECONCILE}.service

[Install]
WantedBy=multi-user.target
`;
