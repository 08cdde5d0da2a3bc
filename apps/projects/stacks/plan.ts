/** A stack as its chart needs it: its row of the table, with what the configuration says. */
import { imageText } from "../../../environment/parts/images";
import { mebibytes, millicores } from "../../../environment/schema/quantities";
import { assertNever } from "../../../errors/assert-never";
import type { ReplicaRange } from "../../../kit/autoscaling";
import type { Amount, Resources } from "../../../kit/resources";
import type { SecurityException, User } from "../../../kit/security";
import { claimName, notebookFolder, stackName } from "../names";
import { accessOf, type ProjectPeople, type StackAccess } from "./access";
import type { ClusterConfig, StackConfig } from "./configuration";
import type { ClusterDefinition, Program, StackImage, StackPort, WebDefinition } from "./definition";
import { isCluster, isNotebook, isSite, type ClusterKind, type WebKind } from "./kinds";
import { STACKS } from "./table";

/** Where the page of a stack answers. */
export interface StackRoute {
  readonly host: string;
  readonly path: string;
  /** Whether the program gets requests without the path. */
  readonly stripPath: boolean;
}

/** A place of the storage in the container. */
export interface StackMount {
  readonly path: string;
  readonly subPath?: string;
  readonly readOnly: boolean;
}

interface Common {
  /** As the configuration names it. */
  readonly name: string;
  /** Of its objects: `jupyterlab-notes`. */
  readonly objectName: string;
  readonly image: string;
  readonly user: User;
  readonly scratch: Readonly<Record<string, number>>;
}

/** A stack with a page. */
export interface WebStackPlan extends Common {
  readonly type: "web";
  readonly kind: WebKind;
  readonly claim: string;
  readonly mounts: readonly StackMount[];
  /** Folder that is made before it starts; undefined for stacks that write to none of their own. */
  readonly folder?: string;
  readonly security?: SecurityException;
  readonly ports: WebDefinition["ports"];
  readonly resources: Resources;
  readonly program: Program;
  /** Path that answers when it serves requests; undefined: it listens. */
  readonly health?: string;
  readonly sessions: boolean;
  readonly replicas: number;
  readonly route: StackRoute;
  readonly access: StackAccess;
  readonly submitsPods: boolean;
}

/** One of the two programs of a cluster. */
export interface ClusterPartPlan {
  readonly objectName: string;
  readonly ports: Readonly<Record<string, StackPort>>;
  readonly resources: Resources;
  readonly program: Program;
}

/** A stack that is a cluster of workers. */
export interface ClusterStackPlan extends Common {
  readonly type: "cluster";
  readonly kind: ClusterKind;
  /** Absent: its workers have no storage. */
  readonly claim?: string;
  readonly scheduler: ClusterPartPlan;
  readonly worker: ClusterPartPlan & { readonly replicas: ReplicaRange | number };
  readonly callsBack?: StackPort;
}

export type StackPlan = WebStackPlan | ClusterStackPlan;

/** What a stack has of its project and of all projects. */
export interface StackPlace extends ProjectPeople {
  readonly name: string;
  readonly ownHost: string;
  readonly commonHost: string;
  readonly path: string;
}

export function planStack(stack: StackConfig, place: StackPlace): StackPlan {
  return isCluster(stack.kind)
    ? clusterPlan(stack as ClusterConfig, place)
    : webPlan(stack as WebConfig, place);
}

type WebConfig = Exclude<StackConfig, ClusterConfig>;

/** Host and path of a stack with a page. */
export function routeOf(
  kind: WebKind,
  { ownHost, commonHost, path }: Pick<StackPlace, "ownHost" | "commonHost" | "path">,
): StackRoute {
  const { address } = STACKS[kind];
  switch (address) {
    case "host":
      return { host: ownHost, path: "/", stripPath: false };
    case "path":
      return { host: commonHost, path, stripPath: false };
    case "strippedPath":
      return { host: commonHost, path, stripPath: true };
    default:
      return assertNever(address);
  }
}

/**
 * With its tag.
 * @throws Error for a kind whose image the configuration has to name: a bug in the program, since the checks require it
 */
function imageOf(of: StackImage, chosen: StackConfig["image"]): string {
  if (chosen !== undefined) return `${chosen.name}:${chosen.tag}`;
  if (of.kind === "pinned") return imageText(of.image);
  throw new Error(`the image has to be chosen: ${of.why}`);
}

function webPlan(stack: WebConfig, place: StackPlace): WebStackPlan {
  const { kind } = stack;
  const row: WebDefinition = STACKS[kind];
  const { name } = place;
  const route = routeOf(kind, place);
  const folder = `/data/${notebookFolder(name)}`;
  const health = row.health;
  const context = {
    name,
    path: route.path,
    host: route.host,
    folder,
    file: isSiteConfig(stack) ? (stack.file ?? row.file) : undefined,
  };
  return {
    type: "web",
    kind,
    name,
    objectName: stackName(kind, name),
    image: imageOf(row.image, stack.image),
    user: row.user,
    scratch: row.scratch,
    claim: claimName(stack.storage),
    mounts: mountsOf(stack, row, name),
    ...(isNotebook(kind) ? { folder } : {}),
    ...(row.security === undefined ? {} : { security: row.security }),
    ports: row.ports,
    resources: resourcesOf(stack, row.resources),
    program: row.program(context),
    ...(health === undefined ? {} : { health: health(context) }),
    sessions: row.sessions === true,
    replicas: isSiteConfig(stack) ? stack.replicas : 1,
    route,
    access: accessOf(isSiteConfig(stack) ? stack.public : undefined, place),
    submitsPods: "submitsPods" in stack && stack.submitsPods,
  };
}

type SiteConfig = Extract<StackConfig, { readonly folder: string }>;

function isSiteConfig(stack: WebConfig): stack is SiteConfig {
  return isSite(stack.kind);
}

function mountsOf(
  stack: WebConfig,
  { pages = "/notebooks", home }: WebDefinition,
  name: string,
): readonly StackMount[] {
  if (isSiteConfig(stack))
    return [
      { path: "/data", readOnly: true },
      { path: pages, subPath: stack.folder, readOnly: true },
    ];
  return [
    { path: "/data", readOnly: false },
    ...(home === undefined ? [] : [{ path: home, subPath: notebookFolder(name), readOnly: false }]),
  ];
}

function clusterPlan(stack: ClusterConfig, { name }: StackPlace): ClusterStackPlan {
  const { kind, workers } = stack;
  const row: ClusterDefinition = STACKS[kind];
  const objectName = stackName(kind, name);
  const resources: Resources = {
    request: amountOf(workers, "request"),
    limit: amountOf(workers, "limit"),
  };
  const context = { scheduler: `${objectName}-scheduler`, limitMiB: resources.limit.memoryMiB };
  return {
    type: "cluster",
    kind,
    name,
    objectName,
    image: imageOf(row.image, stack.image),
    user: row.user,
    scratch: row.scratch,
    ...(stack.storage === undefined ? {} : { claim: claimName(stack.storage) }),
    scheduler: {
      objectName: context.scheduler,
      ports: row.scheduler.ports,
      resources: row.scheduler.resources,
      program: row.scheduler.program(context),
    },
    worker: {
      objectName: `${objectName}-worker`,
      ports: row.worker.ports,
      resources,
      program: row.worker.program(context),
      replicas: replicasOf(workers),
    },
    ...(row.callsBack === undefined ? {} : { callsBack: row.callsBack }),
  };
}

/** As many at least as at most need no autoscaler. */
function replicasOf(workers: ClusterConfig["workers"]): ReplicaRange | number {
  const { min, max, cpuPercent, memoryPercent, scaleDownSeconds } = workers;
  return min === max ? max : { min, max, target: { cpuPercent, memoryPercent }, scaleDownSeconds };
}

type Amounts = Pick<Extract<StackConfig, { readonly cpu?: unknown }>, "cpu" | "memory">;

export function resourcesOf({ cpu, memory }: Amounts, { request, limit }: Resources): Resources {
  const of = (key: keyof Resources, usual: Amount): Amount => ({
    cpuMillis: cpu === undefined ? usual.cpuMillis : millicores(cpu[key]),
    memoryMiB: memory === undefined ? usual.memoryMiB : mebibytes(memory[key]),
  });
  return { request: of("request", request), limit: of("limit", limit) };
}

function amountOf({ cpu, memory }: ClusterConfig["workers"], key: keyof Resources): Amount {
  return { cpuMillis: millicores(cpu[key]), memoryMiB: mebibytes(memory[key]) };
}
