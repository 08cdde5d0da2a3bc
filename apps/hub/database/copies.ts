/** Copies of a hub's database: the step before a new schema, and scheduled ones in the object store. */
import type { IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import {
  ConfigFile,
  CronJob,
  FlowPolicy,
  NO_NEED,
  pinnedImage,
  selectorOf,
  type CronJobProps,
  type Environment,
  type Need,
  type Resources,
  type TaskContainerSpec,
} from "../../../kit";
import { COMPONENTS, HUB_USER, identityOf } from "../names";
import { coreScheduling } from "../node-purposes";
import type { HubPlan } from "../plan";
import type { ObjectStore } from "../store/object-store";
import { copyEndpoints } from "./endpoints";
import type { BackupsPlan } from "./plan";
import { COPY_VARIABLES, DATABASE_SCRIPT } from "./script";

/** Folder of the hub's volume, its working directory: the database is in it. */
export const DATA_FOLDER = "/srv/jupyterhub";
const SCRIPT_FOLDER = "/usr/local/etc/jupyterhub";
const SCRIPT_PATH = `${SCRIPT_FOLDER}/database.py`;

type JobCommon = Omit<CronJobProps, "schedule" | "containers">;

/** A copy of a hundred megabytes is compressed in memory. */
const RESOURCES: Resources = {
  request: { cpuMillis: 50, memoryMiB: 128 },
  limit: { cpuMillis: 1000, memoryMiB: 512 },
};

export class DatabaseCopies extends Construct {
  /** Runs before the hub, and copies the database before a new release changes its schema. */
  readonly beforeUpgrade: TaskContainerSpec;
  /** What they use of the namespace's quota beside the hub. */
  readonly need: Need;
  private readonly script: ConfigFile;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: HubPlan,
    private readonly claim: IPersistentVolumeClaim,
    private readonly store: ObjectStore,
  ) {
    super(scope, id);
    this.script = new ConfigFile(this, "Script", {
      ...identityOf(plan, "hub-database-script", "database"),
      namespace: plan.namespace,
      key: "database.py",
      content: DATABASE_SCRIPT,
    });
    this.beforeUpgrade = this.container("before-upgrade", { kind: "claim", path: DATA_FOLDER, claim });
    const { backups } = plan;
    const env = backups === undefined ? {} : store.variables(backups, backups.databases, backups.keep);
    this.need = backups === undefined ? NO_NEED : this.backup(backups, env);
    this.restore(env);
  }

  private backup({ schedule }: BackupsPlan, env: Environment): Need {
    const data = { kind: "volume", path: DATA_FOLDER, volume: "database", readOnly: true } as const;
    const job = new CronJob(this, "Backup", {
      ...this.jobOf("backup"),
      // The volume is on the hub's node, and only there can a second pod mount it.
      podAffinity: [{ kind: "required", labels: selectorOf({ name: COMPONENTS.hub }), within: "node" }],
      schedule,
      volumes: { database: { kind: "claim", claim: this.claim } },
      containers: [this.container("backup", data, env)],
    });
    return job.needPerRun;
  }

  /** Never by its schedule: a person makes a Job of it while the hub is stopped, in whose part of the quota it runs. */
  private restore(env: Environment): void {
    const data = { kind: "claim", path: DATA_FOLDER, claim: this.claim } as const;
    new CronJob(this, "Restore", {
      ...this.jobOf("restore"),
      schedule: "0 0 1 1 *",
      suspended: true,
      containers: [this.container("restore", data, { ...env, [COPY_VARIABLES.copy]: "latest" })],
    });
  }

  /** What both jobs have in common, and the policy of their pods. */
  private jobOf(key: "backup" | "restore"): JobCommon {
    const { namespace, flows, cluster } = this.plan;
    const endpoint = copyEndpoints(namespace)[key];
    const identity = identityOf(this.plan, endpoint.name, "backup");
    new FlowPolicy(this, `Flows-${key}`, { ...identity, endpoint, flows, cluster });
    return {
      ...identity,
      ...coreScheduling(this.plan),
      namespace,
      fsGroup: HUB_USER.gid,
      retries: 2,
      deadlineSeconds: 1800,
    };
  }

  private container(
    action: "before-upgrade" | "backup" | "restore",
    data: NonNullable<TaskContainerSpec["mounts"]>[number],
    env: Environment = {},
  ): TaskContainerSpec {
    return {
      name: action,
      image: pinnedImage(this.plan.images.hub),
      command: ["python3", SCRIPT_PATH, action],
      workingDirectory: DATA_FOLDER,
      env,
      mounts: [
        { kind: "config", path: SCRIPT_PATH, config: this.script },
        this.store.moduleIn(SCRIPT_FOLDER),
        data,
        { kind: "scratch", path: "/tmp", sizeMiB: action === "backup" ? 1024 : 64 },
      ],
      resources: RESOURCES,
      user: HUB_USER,
    };
  }
}
