/** The hub: JupyterHub with its configuration, its secrets and the volume of its database. */
import { PersistentVolumeClaim, type IPersistentVolumeClaim, type Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { assertNever } from "../../errors/assert-never";
import {
  ConfigFile,
  Controller,
  pinnedImage,
  PodService,
  traitletsFile,
  VolumeClaim,
  type ContainerSpec,
  type Environment,
} from "../../kit";
import { HubAccess } from "./access";
import { DatabaseCopies, DATA_FOLDER } from "./database/copies";
import { accessLabels, COMPONENTS, HUB_USER, identityOf, jupyterLabels, PORTS, SERVICES } from "./names";
import { downstream } from "./networks";
import { coreScheduling } from "./node-purposes";
import type { HubPlan } from "./plan";
import type { HubSecrets } from "./secret-objects";
import { LAB_SPAWNER, labSpawnerModule, needsLabSpawner } from "./server/lab-spawner";
import { hubSettings } from "./settings";
import type { ObjectStore } from "./store/object-store";

const CONFIG_PATH = "/usr/local/etc/jupyterhub/jupyterhub_config.py";
/** zero-to-jupyterhub's name of the claim. */
const CLAIM = "hub-db-dir";

export class HubWorkload extends Construct {
  readonly controller: Controller;
  readonly copies: DatabaseCopies;
  readonly service: Service;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: HubPlan,
    secrets: HubSecrets,
    store: ObjectStore,
  ) {
    super(scope, id);
    const { namespace } = plan;
    const { account } = new HubAccess(this, "Access", plan);
    const config = this.config();
    const claim = this.database();
    this.copies = new DatabaseCopies(this, "Copies", plan, claim, store);
    const identity = identityOf(plan, COMPONENTS.hub, COMPONENTS.hub);
    this.controller = new Controller(this, "Hub", {
      ...identity,
      ...coreScheduling(plan),
      namespace,
      replicas: 1,
      // Two hubs would write one database and start every server twice.
      update: "recreate",
      podLabels: { ...jupyterLabels("hub"), ...accessLabels(["proxyApi", "server"]) },
      serviceAccount: account,
      fsGroup: HUB_USER.gid,
      initContainers: [this.copies.beforeUpgrade],
      containers: [container(plan, config, claim, secrets.ofHub, this.spawner())],
    });
    this.service = new PodService(this, "Service", {
      ...identity,
      namespace,
      workload: COMPONENTS.hub,
      service: { name: SERVICES.hub, ports: [{ name: "hub", port: PORTS.hub }] },
    }).service;
  }

  private config(): ConfigFile {
    return new ConfigFile(this, "Config", {
      ...identityOf(this.plan, "hub-config", "config"),
      namespace: this.plan.namespace,
      key: "jupyterhub_config.py",
      content: traitletsFile(hubSettings(this.plan)),
    });
  }

  /** The module of the lab's own spawner, where the hub needs it. */
  private spawner(): ConfigFile | undefined {
    if (!needsLabSpawner(this.plan)) return undefined;
    return new ConfigFile(this, "Spawner", {
      ...identityOf(this.plan, "hub-spawner", "config"),
      namespace: this.plan.namespace,
      key: LAB_SPAWNER.file,
      content: labSpawnerModule(),
    });
  }

  /** On block storage: SQLite and a file server do not go together. It follows the hub inside one zone. */
  private database(): IPersistentVolumeClaim {
    const { namespace, database } = this.plan;
    switch (database.kind) {
      case "made": {
        const { size, storageClass } = database;
        const identity = identityOf(this.plan, CLAIM, "database");
        return new VolumeClaim(this, "Database", { ...identity, namespace, size, storageClass }).claim;
      }
      case "existing":
        return PersistentVolumeClaim.fromClaimName(this, "Database", database.claim);
      default:
        return assertNever(database);
    }
  }
}

function container(
  { images, path, cluster }: HubPlan,
  config: ConfigFile,
  claim: IPersistentVolumeClaim,
  secrets: Environment,
  spawner: ConfigFile | undefined,
): ContainerSpec {
  const health = { kind: "http", path: `${path}hub/health`, port: PORTS.hub } as const;
  return {
    name: COMPONENTS.hub,
    image: pinnedImage(images.hub),
    // A new release changes the database once, after the container before this one has copied it.
    args: ["jupyterhub", "--config", CONFIG_PATH, "--upgrade-db"],
    workingDirectory: DATA_FOLDER,
    ports: { hub: PORTS.hub },
    env: {
      ...secrets,
      HOME: "/tmp",
      ...(spawner === undefined ? {} : { PYTHONPATH: LAB_SPAWNER.folder }),
      // Behind the ingress every person has the address of one of its pods: without this, signing in fails with 403.
      JUPYTERHUB_XSRF_ANONYMOUS_IP_CIDRS: downstream(cluster).join(";"),
    },
    mounts: [
      { kind: "config", path: CONFIG_PATH, config },
      ...(spawner === undefined
        ? []
        : [{ kind: "config", path: `${LAB_SPAWNER.folder}/${LAB_SPAWNER.file}`, config: spawner } as const]),
      { kind: "claim", path: DATA_FOLDER, claim },
      { kind: "scratch", path: "/tmp", sizeMiB: 64 },
      { kind: "serviceAccount" },
    ],
    resources: {
      request: { cpuMillis: 100, memoryMiB: 256 },
      limit: { cpuMillis: 2000, memoryMiB: 1024 },
    },
    user: HUB_USER,
    probes: {
      kind: "both",
      readiness: { ...health, delay: 0, period: 2 },
      liveness: { ...health, delay: 0, failures: 30 },
      // A schema upgrade, or a start that checks a thousand servers, takes minutes.
      startup: { ...health, delay: 0, period: 5, failures: 120 },
    },
  };
}
