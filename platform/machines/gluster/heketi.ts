/**
 * Heketi, for the in-tree class of Kubernetes 1.25: it runs on the first server of the pool, with its database on that
 * server's volume, and works on all of them over SSH by a key and an account of its own.
 *
 * Its development has ended and no package repository has it: the image of these servers has it at /usr/bin/heketi.
 */
import { addressText } from "../../../environment/address-text";
import { jsonText } from "../../../values";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { HEKETI_SECRETS, keyPairValues, secretValue } from "../../../environment/secrets";
import { HEKETI_FOLDER, HEKETI_PORT } from "../../../environment/shared-storage";
import { AUTHORIZED_KEYS } from "../base/ssh";
import { volumeDevice } from "../base/volumes";
import { bootFile, sealedFile, type FileConfig, type MachinePart, type UnitConfig } from "../config";
import {
  HEKETI_ACCOUNT,
  HEKETI_CONFIG,
  HEKETI_KEY,
  HEKETI_PUBLIC_KEY,
  HEKETI_TOPOLOGY,
  SCRIPTS,
} from "./paths";
import { rawVolumes, type Pool } from "./pool";
import { scriptText } from "./script-text";

const KEY_UNIT = "labstead-heketi-key.service";
const UNIT = "heketi.service";
const PROGRAM = "/usr/bin/heketi";
const OWNER = `${HEKETI_ACCOUNT}:${HEKETI_ACCOUNT}`;

export function heketiPart(server: ServerPlan, pool: Pool, plan: EnvironmentPlan): MachinePart {
  const [first] = pool.servers;
  const managed = managedPart(pool);
  if (first?.key !== server.key) return managed;
  return {
    ...managed,
    files: [...(managed.files ?? []), ...managerFiles(pool, plan)],
    units: [...(managed.units ?? []), ...managerUnits(pool)],
    checks: [
      {
        name: "heketi",
        run: ["curl", "--silent", "--fail", "--retry", "20", "--retry-all-errors", helloUrl()],
        timeoutSeconds: 90,
      },
    ],
  };
}

const helloUrl = (): string => `http://127.0.0.1:${HEKETI_PORT}/hello`;

/** Prerequisites of Heketi on each server that it manages. */
function managedPart({ servers: [first] }: Pool): MachinePart {
  const from = first === undefined ? "" : addressText(first.address);
  return {
    packages: ["lvm2", "thin-provisioning-tools", "xfsprogs", "curl"].map((name) => ({ name })),
    users: [{ name: HEKETI_ACCOUNT, sshKeys: [], sudo: true }],
    files: [
      bootFile(`${SCRIPTS}/heketi-key.sh`, scriptText("heketi-key.sh"), "0755"),
      // sshd adds these to the accounts that its other settings allow.
      bootFile(
        "/etc/ssh/sshd_config.d/20-labstead-heketi.conf",
        `AllowUsers ${HEKETI_ACCOUNT}@${from} ${HEKETI_ACCOUNT}@127.0.0.1\n`,
      ),
      bootFile("/etc/modules-load.d/labstead-heketi.conf", "dm_thin_pool\n"),
      sealedFile(HEKETI_PUBLIC_KEY, keyPairValues(HEKETI_SECRETS.ssh).public.toString(), {
        mode: "0644",
        validate: ["ssh-keygen", "-i", "-m", "PKCS8", "-f", "{}"],
        apply: { kind: "restart", unit: KEY_UNIT },
      }),
    ],
    units: [{ name: KEY_UNIT, content: keyService(from), state: "enabled", needs: [HEKETI_PUBLIC_KEY] }],
  };
}

function keyService(from: string): string {
  return `[Unit]
Description=Heketi may come in

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${SCRIPTS}/heketi-key.sh ${HEKETI_PUBLIC_KEY} ${AUTHORIZED_KEYS}/${HEKETI_ACCOUNT} ${from}

[Install]
WantedBy=multi-user.target
`;
}

function managerFiles(pool: Pool, plan: EnvironmentPlan): readonly FileConfig[] {
  return [
    ...["heketi.py", "heketi-backup.sh"].map((name) =>
      bootFile(`${SCRIPTS}/${name}`, scriptText(name), "0755"),
    ),
    sealedFile(HEKETI_KEY, keyPairValues(HEKETI_SECRETS.ssh).key.toString(), {
      owner: OWNER,
      validate: ["ssh-keygen", "-y", "-f", "{}"],
    }),
    sealedFile(HEKETI_CONFIG, `${heketiConfig().toString()}\n`, {
      owner: OWNER,
      validate: ["python3", "-m", "json.tool", "{}", "/dev/null"],
      apply: { kind: "restart", unit: UNIT },
    }),
    sealedFile(HEKETI_TOPOLOGY, `${JSON.stringify(topology(pool, plan), undefined, 2)}\n`, {
      mode: "0644",
      validate: ["python3", `${SCRIPTS}/heketi.py`, "check", "{}"],
    }),
  ];
}

/**
 * The port is a string and the time-out a number: Heketi rejects the opposite. Both keys must be present, though only
 * the administrator's is used: the in-tree class reads what a plain user may not read.
 */
export function heketiConfig(): ReturnType<typeof jsonText> {
  return jsonText(
    {
      port: String(HEKETI_PORT),
      use_auth: true,
      jwt: {
        admin: { key: secretValue(HEKETI_SECRETS.adminKey).toString() },
        user: { key: secretValue(HEKETI_SECRETS.userKey).toString() },
      },
      glusterfs: {
        executor: "ssh",
        db: `${HEKETI_FOLDER}/db/heketi.db`,
        loglevel: "warning",
        sshexec: {
          keyfile: HEKETI_KEY,
          user: HEKETI_ACCOUNT,
          port: "22",
          sudo: true,
          fstab: `${HEKETI_FOLDER}/fstab`,
          rebalance_on_expansion: true,
          gluster_cli_timeout: 900,
        },
      },
    },
    2,
  );
}

interface TopologyNode {
  readonly node: {
    readonly hostnames: { readonly manage: readonly string[]; readonly storage: readonly string[] };
    readonly zone: number;
  };
  readonly devices: readonly { readonly name: string; readonly destroydata: false }[];
}

/**
 * Heketi's own format. One zone for each server, so that no two replicas of a brick share a server. Devices have stable
 * names, because a disk's letter differs between boots.
 */
export function topology(
  { servers }: Pool,
  plan: EnvironmentPlan,
): { readonly clusters: readonly { readonly nodes: readonly TopologyNode[] }[] } {
  const nodes = servers.map((server): TopologyNode => {
    const address = addressText(server.address);
    return {
      node: { hostnames: { manage: [address], storage: [address] }, zone: server.slot + 1 },
      devices: rawVolumes(server, plan).map((name) => ({
        name: volumeDevice(`${server.key}/${name}`),
        destroydata: false,
      })),
    };
  });
  return { clusters: [{ nodes }] };
}

function managerUnits({ servers }: Pool): readonly UnitConfig[] {
  const others = servers.slice(1).map(({ address }) => addressText(address));
  const needs = [HEKETI_CONFIG, HEKETI_KEY];
  return [
    { name: UNIT, content: SERVICE, state: "enabled", needs },
    ...repeated("labstead-heketi-topology", "Heketi knows the pool's servers and disks", {
      run: `/usr/bin/python3 ${SCRIPTS}/heketi.py topology ${HEKETI_TOPOLOGY}`,
      user: HEKETI_ACCOUNT,
      when: "OnActiveSec=30s\nOnUnitInactiveSec=5min",
    }),
    ...repeated("labstead-heketi-backup", "Heketi's database is kept in copies", {
      run: `${SCRIPTS}/heketi-backup.sh ${HEKETI_FOLDER}/backup ${others.join(" ")}`,
      user: HEKETI_ACCOUNT,
      when: "OnCalendar=*-*-* 02:30:00\nPersistent=true",
    }),
  ];
}

const SERVICE = `[Unit]
Description=Heketi
After=network-online.target glusterd.service
Wants=network-online.target
Requires=glusterd.service

[Service]
User=${HEKETI_ACCOUNT}
ExecStartPre=+/usr/bin/install --directory --owner=${HEKETI_ACCOUNT} --group=${HEKETI_ACCOUNT} --mode=0700 ${HEKETI_FOLDER}/db ${HEKETI_FOLDER}/backup
ExecStart=${PROGRAM} --config=${HEKETI_CONFIG}
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
`;

interface Repeated {
  readonly run: string;
  readonly user: string;
  /** Lines of the timer. */
  readonly when: string;
}

function repeated(name: string, description: string, { run, user, when }: Repeated): readonly UnitConfig[] {
  const service = `[Unit]
Description=${description}
Requisite=${UNIT}
After=${UNIT}
ConditionPathExists=${HEKETI_TOPOLOGY}

[Service]
Type=oneshot
User=${user}
ExecStart=${run}
TimeoutStartSec=30min
`;
  const timer = `[Unit]
Description=${description}

[Timer]
${when}

[Install]
WantedBy=timers.target
`;
  return [
    { name: `${name}.service`, content: service, state: "disabled", needs: [] },
    { name: `${name}.timer`, content: timer, state: "enabled", needs: [] },
  ];
}
