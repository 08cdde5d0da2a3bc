/** The drive of one hub: an NFS server in a namespace of its own, which the hub's chart needs. */
import { Chart } from "cdk8s";
import { Secret } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gibibytes, type Size } from "../../../environment/schema/quantities";
import { secretValue } from "../../../environment/secrets";
import {
  addNeeds,
  ConfigFile,
  Controller,
  json,
  metadataOf,
  NO_NEED,
  PodService,
  VolumeClaim,
  type ListedException,
} from "../../../kit";
import { LabNamespace } from "../../namespace/lab-namespace";
import { HomeCopies } from "../home-copies/home-copies";
import { identityOf } from "../names";
import { coreScheduling } from "../node-purposes";
import type { HubPlan } from "../plan";
import { driveToken } from "../secrets";
import { ObjectStore } from "../store/object-store";
import { ganesha, homes, layout, type HomesFiles } from "./containers";
import { copiedVolume } from "./copied-volume";
import { ganeshaConfig } from "./ganesha";
import { DRIVE, DRIVE_PORTS, DRIVE_ROOT, SQUASHED } from "./names";
import type { DrivePlan } from "./plan";
import { DrivePolicies } from "./policies";

/** What a drive's program reads. */
export interface HomesConfigFile {
  readonly root: string;
  readonly port: number;
  readonly owner: DrivePlan["owner"];
  readonly user: number;
  readonly group: number;
  readonly limitGiB: number | null;
  readonly folders: readonly string[];
  readonly directories: Readonly<Record<string, number | null>>;
}

/**
 * Deleted after the hub's chart, which depends on it: a node that still mounts it when it goes would wait for it. It has
 * no PodDisruptionBudget, since one for a single pod blocks every drain.
 */
export class DriveChart extends Chart {
  /** Exceptions from the security profile, with the reasons. */
  readonly exceptions: readonly ListedException[];
  private readonly files: Pick<HomesFiles, "program" | "config">;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: HubPlan,
    private readonly drive: DrivePlan,
  ) {
    super(scope, id);
    const { claim } = this.volume();
    this.files = {
      program: this.config("homes-program", readFileSync(PROGRAM, "utf8")),
      config: this.config("homes-config", json(homesConfigFile(plan, drive))),
    };
    const server = this.server(claim);
    this.service();
    new DrivePolicies(this, "Policies", plan, drive);
    const copies = this.copies(claim);
    this.exceptions = [...server.exceptions, ...copies.exceptions];
    new LabNamespace(this, "Namespace", {
      ...identityOf(plan, drive.namespace, "namespace"),
      enforce: "privileged",
      need: addNeeds(server.need, copies.need),
      claimsGiB: [gibibytes(drive.size)],
      tenancy: plan.tenancy,
    }).comesFirstIn(this);
  }

  /** All homes of the hub. */
  private volume(): VolumeClaim {
    const { namespace, size, storageClass } = this.drive;
    return new VolumeClaim(this, "Volume", { ...this.identity(DRIVE), namespace, size, storageClass });
  }

  private server(claim: VolumeClaim["claim"]): Controller {
    const { namespace } = this.drive;
    return new Controller(this, "Server", {
      ...this.identity(DRIVE),
      ...coreScheduling(this.plan),
      namespace,
      replicas: 1,
      // Two servers would write one file system.
      update: "recreate",
      // All servers of the hub depend on it, so it is scheduled first.
      priorityClass: "system-cluster-critical",
      // Those that it accepted are in the volume's cache, which the unmount writes.
      stopSeconds: 30,
      initContainers: [layout(this.drive, claim)],
      containers: [
        ganesha(this.config("ganesha", ganeshaConfig(this.drive)), claim),
        homes({ ...this.files, secret: this.secret() }, claim),
      ],
    });
  }

  /** Copies of all files, where there are any. */
  private copies(claim: VolumeClaim["claim"]): Pick<HomeCopies, "need" | "exceptions"> {
    const { plan, drive } = this;
    const { backups } = plan;
    if (backups === undefined) return { need: NO_NEED, exceptions: [] };
    const store = new ObjectStore(this, "Store", plan, drive.namespace);
    const volume = copiedVolume(plan, claim, this.files);
    return new HomeCopies(this, "HomeCopies", { plan, backups, volume, store });
  }

  private secret() {
    const { namespace } = this.drive;
    new Secret(this, "Token", {
      metadata: metadataOf(this.identity(DRIVE), namespace),
      immutable: false,
      stringData: { token: secretValue(driveToken(this.plan.name)).toString() },
    });
    return Secret.fromSecretName(this, "TokenReference", DRIVE);
  }

  private service(): void {
    const { namespace, address } = this.drive;
    new PodService(this, "Service", {
      ...this.identity(DRIVE),
      namespace,
      workload: DRIVE,
      service: {
        name: DRIVE,
        address,
        ports: [
          { name: "nfs", port: DRIVE_PORTS.nfs },
          { name: "homes", port: DRIVE_PORTS.homes },
        ],
      },
    });
  }

  private config(name: string, content: string): ConfigFile {
    return new ConfigFile(this, name, { ...this.identity(name), namespace: this.drive.namespace, content });
  }

  private identity(name: string) {
    return identityOf(this.plan, name, DRIVE);
  }
}

const PROGRAM = join(__dirname, "programs", "homes.py");

export function homesConfigFile(
  { sharedDirectories }: Pick<HubPlan, "sharedDirectories">,
  { owner, quota, directories }: DrivePlan,
): HomesConfigFile {
  return {
    ...{ root: DRIVE_ROOT, port: DRIVE_PORTS.homes, owner },
    ...{ user: SQUASHED.uid, group: SQUASHED.gid },
    limitGiB: limit(quota),
    folders: sharedDirectories.map(({ name }) => name),
    directories: Object.fromEntries(directories.map((each) => [each.name, limit(each.quota)])),
  };
}

function limit(quota: Size | undefined): number | null {
  return quota === undefined ? null : gibibytes(quota);
}
