/** A cluster of workers: a scheduler behind a Service, and workers whose number follows the load. */
import { Construct } from "constructs";
import {
  addNeeds,
  Controller,
  PodService,
  type ContainerSpec,
  type ListedException,
  type Mount,
  type Need,
  type PodVolume,
  type Probes,
} from "../../../kit";
import { identityOf, stackLabels } from "../names";
import type { ProjectPlan } from "../plan";
import type { ProjectVolumes } from "../volumes";
import { FILES_GROUP } from "./definition";
import type { ClusterPartPlan, ClusterStackPlan } from "./plan";
import { commandOf, imageOf, scratchOf } from "./web-stack";

const STORAGE = "storage";

export class ClusterStack extends Construct {
  readonly exceptions: readonly ListedException[];
  readonly need: Need;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: ProjectPlan,
    private readonly stack: ClusterStackPlan,
    private readonly volumes: ProjectVolumes,
  ) {
    super(scope, id);
    const { scheduler, worker } = stack;
    const parts = [this.part("Scheduler", scheduler, 1), this.part("Worker", worker, worker.replicas)];
    this.exceptions = parts.flatMap(({ exceptions }) => exceptions);
    this.need = parts.map(({ need }) => need).reduce(addNeeds);
    new PodService(this, "Service", {
      ...identityOf(plan, scheduler.objectName, stack.kind),
      namespace: plan.namespace.name,
      workload: scheduler.objectName,
      service: {
        name: scheduler.objectName,
        ports: Object.entries(scheduler.ports).map(([name, { port }]) => ({ name, port })),
      },
    });
  }

  private part(
    id: "Scheduler" | "Worker",
    part: ClusterPartPlan,
    replicas: ClusterStackPlan["worker"]["replicas"],
  ): Controller {
    const { plan, stack } = this;
    const mounted = this.mounted(id);
    return new Controller(this, id, {
      ...identityOf(plan, part.objectName, stack.kind),
      namespace: plan.namespace.name,
      podLabels: stackLabels(stack.kind),
      replicas,
      // A second scheduler would know nothing of the first one's work; of workers a new one does no harm.
      update: id === "Scheduler" ? "recreate" : "surge",
      containers: [this.container(part, mounted.mounts)],
      volumes: mounted.volumes,
      ...(Object.keys(mounted.volumes).length === 0 ? {} : { fsGroup: FILES_GROUP }),
    });
  }

  /** Workers read and write what notebooks do; the scheduler does not. */
  private mounted(id: "Scheduler" | "Worker"): {
    readonly volumes: Readonly<Record<string, PodVolume>>;
    readonly mounts: readonly Mount[];
  } {
    if (id === "Scheduler") return { volumes: {}, mounts: [] };
    const { assets } = this.volumes;
    const { claim } = this.stack;
    if (claim === undefined) return assets;
    return {
      volumes: { [STORAGE]: { kind: "claim", claim: this.volumes.claim(this, claim) }, ...assets.volumes },
      mounts: [{ kind: "volume", volume: STORAGE, path: "/data" }, ...assets.mounts],
    };
  }

  private container(part: ClusterPartPlan, mounts: readonly Mount[]): ContainerSpec {
    const { stack } = this;
    return {
      name: stack.kind,
      image: imageOf(stack.image),
      ...commandOf(part),
      env: { ...part.program.env },
      ports: Object.fromEntries(
        Object.entries(part.ports)
          .filter(([, { to }]) => to === undefined)
          .map(([name, { port }]) => [name, port]),
      ),
      mounts: [...mounts, ...scratchOf(stack)],
      resources: part.resources,
      user: stack.user,
      probes: probesOf(part),
    };
  }
}

/** By the first port: what it needs of other pods never restarts it. */
function probesOf({ ports }: ClusterPartPlan): Probes {
  const [first] = Object.values(ports);
  if (first === undefined) return { kind: "none", reason: "it listens on no port" };
  const listens = { kind: "tcp", port: first.port } as const;
  return {
    kind: "both",
    readiness: { ...listens, delay: 0 },
    liveness: { ...listens, delay: 0, failures: 6 },
    startup: { ...listens, delay: 0, period: 5, failures: 60 },
  };
}
