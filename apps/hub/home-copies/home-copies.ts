/** Jobs that copy people's files to the object store, put them back, and export the home of a person who leaves. */
import { PersistentVolumeClaim, type IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  addNeeds,
  ConfigFile,
  CronJob,
  FlowPolicy,
  NO_NEED,
  pinnedImage,
  type CronJobProps,
  type ListedException,
  type Mount,
  type Need,
  type SchedulingSpec,
  type PodVolume,
  type Resources,
  type SecurityException,
  type TaskContainerSpec,
  type User,
} from "../../../kit";
import type { PinnedImage } from "../../../environment/parts/images";
import { assertNever } from "../../../errors/assert-never";
import type { BackupsPlan } from "../database/plan";
import { identityOf, SERVER_USER } from "../names";
import { userScheduling } from "../node-purposes";
import type { HubPlan } from "../plan";
import type { ObjectStore } from "../store/object-store";
import { homeTaskEndpoint, homeTaskNamespace, homeTasks, type HomeTask } from "./endpoints";
import { OWN_CLAIM, SHARED_HOMES } from "./folders";

/** What the programs find in their variables, beside those of the store. */
export const HOME_VARIABLES = {
  folders: "COPIED_FOLDERS",
  exported: "EXPORT_FOLDER",
  exportName: "EXPORT_NAME",
  restored: "RESTORE_NAME",
  time: "RESTORE_TIME",
  drive: "DRIVE_CONFIG",
} as const;

/** Where the files are, and who may read all of them. */
export interface HomesVolume {
  readonly claim: IPersistentVolumeClaim;
  /** Where it is mounted. */
  readonly path: string;
  /** Folders of it whose folders are copied, as absolute paths. */
  readonly folders: readonly string[];
  readonly image: PinnedImage;
  readonly user: User;
  readonly security?: SecurityException;
  /** More files of the container, beside the programs. */
  readonly mounts: (folder: string) => readonly Mount[];
  readonly env: (folder: string) => Readonly<Record<string, string>>;
  readonly scheduling: SchedulingSpec;
  /** Of a volume that one node has at a time: how its pods find that node. */
  readonly beside?: CronJobProps["podAffinity"];
}

export interface HomeCopiesProps {
  readonly plan: HubPlan;
  readonly backups: BackupsPlan;
  readonly volume: HomesVolume;
  /** Of the volume's namespace. */
  readonly store: ObjectStore;
}

/** Name of the claim in the export of a home of kind claim: `labstead hubs leave` writes the person's in its place. */
export const EXPORTED_CLAIM = "claim-of-who-leaves";

/** One part of an upload and Python's own needs. */
const RESOURCES: Resources = {
  request: { cpuMillis: 50, memoryMiB: 128 },
  limit: { cpuMillis: 1000, memoryMiB: 512 },
};
const DEADLINE_SECONDS = 6 * 3600;
const FOLDER = "/opt/labstead";
const PROGRAM = "home_copies.py";

export class HomeCopies extends Construct {
  /** What they use of the namespace's quota. */
  readonly need: Need;
  /** From the security profile, with the reasons. */
  readonly exceptions: readonly ListedException[];
  private readonly namespace: string;
  private readonly program: ConfigFile;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: HomeCopiesProps,
  ) {
    super(scope, id);
    const { plan, backups } = props;
    this.namespace = homeTaskNamespace(plan.namespace, plan.homes);
    this.program = new ConfigFile(this, "Program", {
      ...identityOf(plan, "home-copies-program", "backup"),
      namespace: this.namespace,
      key: PROGRAM,
      content: readFileSync(join(__dirname, "programs", PROGRAM), "utf8"),
    });
    const jobs = homeTasks(plan.homes, backups).map((task) => this.job(task));
    this.need = jobs.map(({ needPerRun }) => needPerRun).reduce(addNeeds, NO_NEED);
    this.exceptions = jobs.flatMap(({ exceptions }) => exceptions);
  }

  /** Only copies run by their schedule; of the others people, or `labstead hubs leave`, make Jobs. */
  private job(task: HomeTask): CronJob {
    const { namespace } = this;
    const { plan, backups, volume } = this.props;
    const endpoint = homeTaskEndpoint(namespace, task);
    const identity = identityOf(plan, endpoint.name, "backup");
    const { flows, cluster } = plan;
    new FlowPolicy(this, `Flows-${task}`, { ...identity, endpoint, flows, cluster });
    return new CronJob(this, task, {
      ...identity,
      ...volume.scheduling,
      ...this.beside(task),
      namespace,
      schedule: (task === "backup" ? backups.homes?.schedule : undefined) ?? "0 0 1 1 *",
      suspended: task !== "backup",
      retries: task === "backup" ? 2 : 0,
      deadlineSeconds: DEADLINE_SECONDS,
      volumes: { files: fileVolume(volume, task) },
      containers: [this.container(task)],
    });
  }

  /** A restore waits for nobody: the drive is stopped meanwhile. */
  private beside(task: HomeTask): Pick<CronJobProps, "podAffinity"> {
    const { beside } = this.props.volume;
    return beside === undefined || task === "restore" ? {} : { podAffinity: beside };
  }

  private container(task: HomeTask): TaskContainerSpec {
    const { backups, volume, store } = this.props;
    return {
      name: task,
      image: pinnedImage(volume.image),
      command: ["python3", "-u", `${FOLDER}/${PROGRAM}`, task],
      env: {
        ...store.variables(backups, backups.files, backups.homes?.keep ?? 1),
        ...volume.env(FOLDER),
        [HOME_VARIABLES.folders]: volume.folders.join(":"),
        ...taskVariables(task),
      },
      mounts: [
        { kind: "config", path: `${FOLDER}/${PROGRAM}`, config: this.program },
        store.moduleIn(FOLDER),
        ...volume.mounts(FOLDER),
        {
          kind: "volume",
          path: volume.path,
          volume: "files",
          ...(task === "restore" ? {} : { readOnly: true }),
        },
      ],
      resources: RESOURCES,
      user: volume.user,
      ...(volume.security === undefined ? {} : { security: volume.security }),
    };
  }
}

/** What a Job that somebody makes has in its place. */
function taskVariables(task: HomeTask): Readonly<Record<string, string>> {
  switch (task) {
    case "backup":
      return {};
    case "export":
      return { [HOME_VARIABLES.exported]: OWN_CLAIM, [HOME_VARIABLES.exportName]: "nobody" };
    case "restore":
      return { [HOME_VARIABLES.restored]: "all", [HOME_VARIABLES.time]: "latest" };
    default:
      return assertNever(task);
  }
}

function fileVolume({ claim }: HomesVolume, task: HomeTask): PodVolume {
  return { kind: "claim", claim, ...(task === "restore" ? {} : { readOnly: true }) };
}

/** Homes that people's servers mount from the hub's own namespace. @throws Error for a drive: a bug in the program */
export function homesVolumeInHub(scope: Construct, plan: HubPlan, sharedClaim: string): HomesVolume {
  const { homes, images } = plan;
  const common = {
    ...{ image: images.hub, user: SERVER_USER, mounts: () => [], env: () => ({}) },
    scheduling: userScheduling(plan),
  };
  switch (homes.kind) {
    case "claim":
      return {
        ...common,
        claim: PersistentVolumeClaim.fromClaimName(scope, "ExportedClaim", EXPORTED_CLAIM),
        path: OWN_CLAIM,
        folders: [OWN_CLAIM],
      };
    case "shared":
      return {
        ...common,
        claim: PersistentVolumeClaim.fromClaimName(scope, "HomesClaim", sharedClaim),
        path: SHARED_HOMES,
        folders: [SHARED_HOMES],
      };
    case "drive":
      throw new Error("the files of a drive are copied beside the drive");
    default:
      return assertNever(homes);
  }
}
