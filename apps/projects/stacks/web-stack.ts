/** A stack with a page: its pods, Service, Secret and route. */
import type { Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import {
  ConfigFile,
  Controller,
  HELPER_RESOURCES,
  image,
  pinnedImage,
  PodService,
  type ContainerSpec,
  type Identity,
  type ListedException,
  type Mount,
  type Need,
  type PodSpec,
  type Probes,
  type ProbeSpec,
  type TaskContainerSpec,
} from "../../../kit";
import { FOLDERS_IMAGE } from "../images";
import { identityOf, stackLabels, SUBMITS_LABEL, submissionAccount } from "../names";
import type { ProjectPlan } from "../plan";
import type { ProjectVolumes } from "../volumes";
import { FILES_GROUP, RESEARCHER } from "./definition";
import { PAGE_PORT, StackPage } from "./page";
import type { WebStackPlan } from "./plan";
import { StackSecretObject } from "./secret-object";

const STORAGE = "storage";

export class WebStack extends Construct {
  readonly exceptions: readonly ListedException[];
  readonly need: Need;
  private readonly identity: Identity;
  private readonly secret: StackSecretObject | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: ProjectPlan,
    private readonly stack: WebStackPlan,
    private readonly volumes: ProjectVolumes,
  ) {
    super(scope, id);
    this.identity = identityOf(plan, stack.objectName, stack.kind);
    this.secret = StackSecretObject.of(this, "Secret", plan, stack);
    const { exceptions, need } = this.pods();
    this.exceptions = exceptions;
    this.need = need;
    this.page(this.service());
  }

  private pods(): Controller {
    const { stack, plan, volumes } = this;
    const readOnly = stack.mounts.every((mount) => mount.readOnly);
    const claim = volumes.claim(this, stack.claim);
    return new Controller(this, "Pods", {
      ...this.identity,
      namespace: plan.namespace.name,
      podLabels: {
        ...stackLabels(stack.kind),
        ...(stack.submitsPods ? { [SUBMITS_LABEL]: "true" } : {}),
      },
      replicas: stack.replicas,
      // Two pods of a notebook or a store would write the same files.
      update: readOnly ? "surge" : "recreate",
      containers: [this.container()],
      ...this.folders(),
      volumes: {
        [STORAGE]: { kind: "claim", claim, ...(readOnly ? { readOnly } : {}) },
        ...volumes.assets.volumes,
      },
      ...(stack.submitsPods ? { serviceAccount: submissionAccount(plan.project) } : {}),
      fsGroup: FILES_GROUP,
    });
  }

  private container(): ContainerSpec {
    const { stack, secret } = this;
    const { program } = stack;
    return {
      name: stack.kind,
      image: imageOf(stack.image),
      ...commandOf(stack),
      env: { ...program.env, ...secret?.env },
      ports: Object.fromEntries(Object.entries(stack.ports).map(([name, { port }]) => [name, port])),
      mounts: [
        ...stack.mounts.map((mount): Mount => ({ kind: "volume", volume: STORAGE, ...mount })),
        ...this.volumes.assets.mounts,
        ...Object.entries(program.files ?? {}).map(([path, content]) => this.file(path, content)),
        ...(secret?.mounts ?? []),
        ...scratchOf(stack),
        ...(stack.submitsPods ? [{ kind: "serviceAccount" } as const] : []),
      ],
      resources: stack.resources,
      user: stack.user,
      ...(stack.security === undefined ? {} : { security: stack.security }),
      probes: probesOf(stack),
    };
  }

  private file(path: string, content: string): Mount {
    const name = `${this.stack.objectName}-${path.slice(path.lastIndexOf("/") + 1).replaceAll(".", "-")}`;
    const config = new ConfigFile(this, `File-${name}`, {
      ...this.identity,
      name,
      namespace: this.plan.namespace.name,
      content,
    });
    return { kind: "config", path, config };
  }

  /** The folder belongs to the user of all notebooks, whatever user the image begins with. */
  private folders(): Pick<PodSpec, "initContainers"> {
    const { folder } = this.stack;
    if (folder === undefined) return {};
    const links = this.plan.assets.length === 0 ? [] : ['ln -sfn /assets "$0/assets"'];
    const make = '[ -d "$0" ] || { umask 002; mkdir -p "$0"; }';
    const container: TaskContainerSpec = {
      name: "folders",
      image: pinnedImage(FOLDERS_IMAGE),
      command: ["sh", "-c", [make, ...links].join(" && "), folder],
      mounts: [{ kind: "volume", volume: STORAGE, path: "/data" }],
      resources: HELPER_RESOURCES,
      user: RESEARCHER,
    };
    return { initContainers: [container] };
  }

  private service(): Service {
    const { stack, plan } = this;
    const { service } = new PodService(this, "Service", {
      ...this.identity,
      namespace: plan.namespace.name,
      workload: stack.objectName,
      service: {
        name: stack.objectName,
        ports: Object.entries(stack.ports).map(([name, { port }]) =>
          name === "page" ? { name, port: PAGE_PORT, targetPort: port } : { name, port },
        ),
      },
    });
    return service;
  }

  private page(service: Service): void {
    const { stack, plan, identity } = this;
    const { route, access } = stack;
    new StackPage(this, "Page", {
      ...identity,
      namespace: plan.namespace.name,
      className: plan.cluster.ingress.className,
      service,
      route,
      access,
      ...(stack.sessions ? { sessionCookie: `${stack.kind}-pod` } : {}),
    });
  }
}

/** @throws Error for an image without a fixed tag: a bug in the program, since the configuration has none */
export function imageOf(text: string): ContainerSpec["image"] {
  const tag = text.slice(text.lastIndexOf(":") + 1);
  return image(text.slice(0, -tag.length - 1), tag);
}

export function commandOf({
  program,
}: {
  readonly program: WebStackPlan["program"];
}): Pick<ContainerSpec, "command" | "args" | "workingDirectory"> {
  const { command, args, workingDirectory } = program;
  return {
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
  };
}

export function scratchOf({ scratch }: Pick<WebStackPlan, "scratch">): readonly Mount[] {
  return Object.entries(scratch).map(([path, sizeMiB]) => ({ kind: "scratch", path, sizeMiB }));
}

/** A program that computes for long answers late: it is restarted only when it listens no more. */
function probesOf({ ports, health }: WebStackPlan): Probes {
  const { port } = ports.page;
  const listens = { kind: "tcp", port } as const;
  const ready: ProbeSpec = health === undefined ? listens : { kind: "http", path: health, port };
  return {
    kind: "both",
    readiness: { ...ready, delay: 0, timeout: 10 },
    liveness: { ...listens, delay: 0, failures: 6 },
    // Servers of notebooks load their extensions for minutes on a busy node.
    startup: { ...listens, delay: 0, period: 5, failures: 60 },
  };
}
