/** Settings of KubeSpawner: users' servers as pods at the level "restricted". */
import { traitletsOf, type PythonValue, type Traitlet } from "../../../kit/python";
import { assertNever } from "../../../errors/assert-never";
import {
  accessLabels,
  APP,
  COMPONENTS,
  DEDICATED_TAINTS,
  identityOf,
  NODE_PURPOSE_LABEL,
  NODE_PURPOSES,
  PORTS,
  SERVER_USER,
} from "../names";
import type { CullConfig } from "../configuration";
import { labelsOf } from "../../../kit/names";
import { DRIVE, DRIVE_PORTS, HOMES_CLAIM } from "../drive/names";
import type { HomesPlan, HubPlan } from "../plan";
import { priorityClass, schedulerName } from "../scheduling/names";
import { sharedMounts, writersOf } from "../shared-directories/shared-directories";
import { LAB_SPAWNER, needsLabSpawner } from "./lab-spawner";
import { profileList } from "./profiles";
import { serverTraits } from "./server-traits";

type Traits = Readonly<Record<string, PythonValue>>;

const HOME = "/home/jovyan";
/** Claim of all homes, where they share one. */
export const SHARED_CLAIM = HOMES_CLAIM;

/** Files of servers whose homes are on a file server, where SQLite's locks fail: its files are the server's own. */
export const SERVER_FILES = [
  {
    name: "ipython-config",
    path: "/etc/ipython/ipython_config.json",
    content: { HistoryManager: { hist_file: "/tmp/ipython-history.sqlite" } },
  },
  {
    name: "jupyter-server-config",
    path: "/etc/jupyter/jupyter_server_config.d/labstead.json",
    content: {
      ArbitraryFileIdManager: { db_path: "/tmp/file-ids.sqlite" },
      LocalFileIdManager: { db_path: "/tmp/file-ids.sqlite" },
      SQLiteYStore: { db_path: "/tmp/ystore.sqlite" },
    },
  },
] as const;

export function spawnerSettings(plan: HubPlan): readonly Traitlet[] {
  return [
    ...spawnerClass(plan),
    ...traitletsOf("KubeSpawner", {
      namespace: plan.namespace,
      // Pods and claims have these names for good: with another scheme a home would be another one, empty.
      slug_scheme: "safe",
      port: PORTS.server,
      start_timeout: plan.startSeconds,
      // z2jh's command; without one, no argument reaches the server.
      cmd: ["jupyterhub-singleuser"],
      args: kernelArguments(plan.cull),
      ...serverTraits(plan.server),
      ...podTraits(plan),
      ...SECURITY,
      ...volumeTraits(plan),
      // An administrator who deletes a person does not delete the person's files.
      delete_pvc: false,
      ...nodeTraits(plan),
      ...schedulingTraits(plan),
      ...(plan.profiles.length === 0 ? {} : { profile_list: profileList(plan.profiles) }),
    }),
  ];
}

/** KubeSpawner itself, unless something has to happen for each person before a server starts. */
function spawnerClass(plan: HubPlan): readonly Traitlet[] {
  if (!needsLabSpawner(plan)) return traitletsOf("JupyterHub", { spawner_class: "kubespawner.KubeSpawner" });
  const { homes, sharedDirectories } = plan;
  const writers = writersOf(sharedDirectories, HOME);
  return [
    ...traitletsOf("JupyterHub", { spawner_class: LAB_SPAWNER.spawnerClass }),
    ...traitletsOf("LabSpawner", {
      ...(homes.kind === "drive"
        ? { homes_url: `http://${DRIVE}.${homes.namespace}:${DRIVE_PORTS.homes}` }
        : {}),
      ...(Object.keys(writers).length === 0 ? {} : { writers }),
    }),
  ];
}

/** An open tab alone keeps neither a kernel nor its server alive. */
function kernelArguments(cull: CullConfig): readonly string[] {
  switch (cull.kind) {
    case "idle":
      return [
        `--MappingKernelManager.cull_idle_timeout=${cull.timeoutSeconds}`,
        "--MappingKernelManager.cull_interval=60",
        "--MappingKernelManager.cull_connected=True",
      ];
    case "never":
      return [];
    default:
      return assertNever(cull);
  }
}

function podTraits(plan: HubPlan): Traits {
  const name = COMPONENTS.server;
  const { "app.kubernetes.io/component": _, ...labels } = labelsOf(identityOf(plan, name, name));
  return {
    image_pull_policy: "IfNotPresent",
    // The program neither makes these pods nor deletes them.
    common_labels: { ...labels, "app.kubernetes.io/managed-by": "kubespawner", app: APP },
    extra_labels: accessLabels(["hub"]),
    extra_pod_config: { enableServiceLinks: false },
  };
}

/** Pod Security's level "restricted", with no token of the Kubernetes API. */
const SECURITY: Traits = {
  ...SERVER_USER,
  fs_gid: SERVER_USER.gid,
  privileged: false,
  allow_privilege_escalation: false,
  container_security_context: { capabilities: { drop: ["ALL"] }, runAsNonRoot: true },
  // The recursive change of owners happens once, not at every start.
  pod_security_context: { seccompProfile: { type: "RuntimeDefault" }, fsGroupChangePolicy: "OnRootMismatch" },
  automount_service_account_token: false,
};

function volumeTraits({ homes, sharedDirectories }: HubPlan): Traits {
  const { storage, volumes, volumeMounts } = homeVolumes(homes);
  const shared = sharedMounts(sharedDirectories, HOME);
  return {
    ...storage,
    volumes: [...volumes, ...shared.volumes],
    volume_mounts: [...volumeMounts, ...shared.volumeMounts],
  };
}

interface HomeVolumes {
  /** KubeSpawner's traits of claims. */
  readonly storage: Traits;
  readonly volumes: readonly PythonValue[];
  readonly volumeMounts: readonly PythonValue[];
}

function homeVolumes(homes: HomesPlan): HomeVolumes {
  const volume = "home";
  switch (homes.kind) {
    case "claim":
      return {
        storage: {
          storage_pvc_ensure: true,
          // Of zero-to-jupyterhub, whose claims are found again.
          pvc_name_template: "claim-{user_server}",
          storage_capacity: homes.size,
          storage_class: homes.storageClass,
          storage_access_modes: ["ReadWriteOnce"],
        },
        volumes: [{ name: volume, persistentVolumeClaim: { claimName: "{pvc_name}" } }],
        volumeMounts: [{ name: volume, mountPath: HOME }],
      };
    case "shared":
    case "drive":
      return {
        storage: { storage_pvc_ensure: false },
        volumes: [
          { name: volume, persistentVolumeClaim: { claimName: SHARED_CLAIM } },
          ...SERVER_FILES.map(({ name }) => ({ name, configMap: { name } })),
        ],
        volumeMounts: [
          // One folder for all servers of a person.
          { name: volume, mountPath: HOME, subPath: "{username}" },
          ...SERVER_FILES.map(({ name, path }) => ({
            name,
            mountPath: path,
            subPath: "config",
            readOnly: true,
          })),
        ],
      };
    default:
      return assertNever(homes);
  }
}

/** Servers have the priority before which placeholders give way. */
function schedulingTraits({ environment, scheduling }: HubPlan): Traits {
  if (scheduling === undefined) return {};
  return {
    priority_class_name: priorityClass(environment, "server"),
    ...(scheduling.scheduler === undefined ? {} : { scheduler_name: schedulerName(environment) }),
  };
}

/** Users' pods tolerate zero-to-jupyterhub's taint for them, in both spellings that it uses. */
function nodeTraits({ nodePurpose }: HubPlan): Traits {
  const tolerations = DEDICATED_TAINTS.map((key) => ({
    key,
    operator: "Equal",
    value: NODE_PURPOSES.user,
    effect: "NoSchedule",
  }));
  const onUserNodes = {
    matchExpressions: [{ key: NODE_PURPOSE_LABEL, operator: "In", values: [NODE_PURPOSES.user] }],
  };
  switch (nodePurpose) {
    case "ignore":
      return { tolerations };
    case "prefer":
      return { tolerations, node_affinity_preferred: [{ weight: 100, preference: onUserNodes }] };
    case "require":
      return { tolerations, node_affinity_required: [onUserNodes] };
    default:
      return assertNever(nodePurpose);
  }
}
