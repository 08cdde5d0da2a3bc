/** The smoke tests of an environment, decided from its plan alone: what each asks, where, and why one is left out. */
import type { Planned } from "../../environment/environments";
import type { EnvironmentPlan, PortPlan } from "../../environment/plan/types";
import { UserError } from "../shared/failure";

/** One question to the running cluster. */
export type Task =
  /** A Service of type NodePort, asked from this machine through the edge. */
  | { readonly kind: "nodePort"; readonly nodePort: number; readonly dial: Endpoint }
  /** A claim of a class, and a pod that writes to it. */
  | { readonly kind: "blockClaim"; readonly storageClass: string }
  /** A claim that a job on one node writes to, and a pod on any other node reads. */
  | { readonly kind: "sharedClaim"; readonly storageClass: string; readonly nodeLabel: NodeLabel }
  /** Names of Services, and one outside. */
  | { readonly kind: "dns"; readonly names: readonly string[] }
  /** A page of a pod, asked from this machine through the edge and the ingress controller. */
  | {
      readonly kind: "ingress";
      readonly host: string;
      readonly path: string;
      readonly className: string;
      readonly dial: Endpoint;
    }
  /** fio on a new volume. */
  | {
      readonly kind: "benchmark";
      readonly storageClass: string;
      readonly mode: "ReadWriteOnce" | "ReadWriteMany";
      readonly image: string;
    };

export type TaskKind = Task["kind"];

/** An address that this machine connects to. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A label of a node: `name=worker1`. */
export interface NodeLabel {
  readonly key: string;
  readonly value: string;
}

/** A check with its limit, or the reason why the environment has none. */
export interface PlannedCheck {
  /** Unique: `nodePort`, `benchmark-<class>`. */
  readonly id: string;
  readonly proves: string;
  readonly limitSeconds: number;
  readonly task: Task | { readonly kind: "skipped"; readonly why: string };
}

/** Where the objects of the checks are created. */
export type Place =
  /** A namespace that is created and deleted with everything in it. */
  | { readonly kind: "own"; readonly namespace: string }
  /** A namespace of the environment, in which they are deleted by their label: a tenant creates no others. */
  | { readonly kind: "given"; readonly namespace: string };

export interface VerifyPlan {
  readonly environment: string;
  readonly place: Place;
  /** With sh, httpd, wget and nslookup of busybox. */
  readonly toolbox: string;
  readonly checks: readonly PlannedCheck[];
}

export interface VerifyOptions {
  /** In place of the pinned busybox: another registry, or another image with its programs. */
  readonly toolbox?: string;
  /** An image with fio. @default no benchmark */
  readonly fio?: string;
  /** The ids or kinds of the checks to run. @default all */
  readonly only?: readonly string[];
}

/** Addresses by key, as the stack's outputs have them: `vip/edge`, `server/workers.general/0`. */
export type FloatingIps = Readonly<Record<string, string>>;

const TOOLBOX = "busybox:1.37.0";
/** MK's node of the job that writes to the shared claim. */
const FIRST_WORKER: NodeLabel = { key: "name", value: "worker1" };
const OWN_NAMESPACE = "labstead-verify";
/** Seconds. Volumes are created and attached by the cloud: about half a minute each. */
const LIMITS: Readonly<Record<TaskKind, number>> = {
  nodePort: 120,
  blockClaim: 300,
  sharedClaim: 300,
  dns: 120,
  ingress: 180,
  benchmark: 600,
};

/** @throws UserError for a tenant without a namespace */
export function verifyPlan(
  { plan, claims }: Pick<Planned, "plan" | "claims">,
  floatingIps: FloatingIps,
  options: VerifyOptions = {},
): VerifyPlan {
  const checks = [
    nodePortCheck(plan, floatingIps),
    blockCheck(plan),
    sharedCheck(plan),
    dnsCheck(),
    ingressCheck(plan, floatingIps),
    ...benchmarks(plan, options.fio),
  ];
  return {
    environment: plan.environment,
    place: placeOf(
      plan,
      claims.namespaces.map(({ name }) => name),
    ),
    toolbox: options.toolbox ?? TOOLBOX,
    checks: checks.map((check) => chosen(check, options.only)),
  };
}

/** Ids of the checks of an environment, for messages. */
export function checkIds({ checks }: VerifyPlan): readonly string[] {
  return checks.map(({ id }) => id);
}

function chosen(check: PlannedCheck, only: readonly string[] | undefined): PlannedCheck {
  if (only === undefined || only.includes(check.id) || only.includes(check.task.kind)) return check;
  return { ...check, task: { kind: "skipped", why: "--only names others" } };
}

function placeOf({ tenancy, environment }: EnvironmentPlan, claimed: readonly string[]): Place {
  if (tenancy.kind === "owner") return { kind: "own", namespace: OWN_NAMESPACE };
  const [namespace] = claimed;
  if (namespace !== undefined) return { kind: "given", namespace };
  throw new UserError(
    `${environment} has no namespace in its owner's cluster, so nothing of it can be verified; configure an application`,
  );
}

function planned(id: string, proves: string, kind: TaskKind, task: Task | string): PlannedCheck {
  return {
    id,
    proves,
    limitSeconds: LIMITS[kind],
    task: typeof task === "string" ? { kind: "skipped", why: task } : task,
  };
}

function nodePortCheck(plan: EnvironmentPlan, floatingIps: FloatingIps): PlannedCheck {
  const window = plan.ports.filter(({ purpose }) => purpose === "window");
  const port = window.at(-1);
  return planned(
    "nodePort",
    "a Service of the test window answers outside of the cluster",
    "nodePort",
    port === undefined
      ? "no test window: ports.window is not set"
      : dialed(plan, floatingIps, port, (dial) => ({
          kind: "nodePort",
          nodePort: port.backend,
          dial,
        })),
  );
}

function dialed(
  plan: EnvironmentPlan,
  floatingIps: FloatingIps,
  port: PortPlan,
  task: (dial: Endpoint) => Task,
): Task | string {
  const address = addressOf(plan, floatingIps, port);
  return address === undefined
    ? `the address of ${port.name} is not known from here`
    : task({ address, port: port.external });
}

/** The address of the edge's load balancer; without one, a worker's. */
function addressOf(
  { loadBalancers, vips, servers }: EnvironmentPlan,
  floatingIps: FloatingIps,
  { loadBalancer }: PortPlan,
): string | undefined {
  const balancer = loadBalancers.find(({ key }) => key === loadBalancer);
  if (balancer !== undefined) {
    const vip = vips.find(({ key }) => key === balancer.vip);
    return (
      floatingIps[`vip/${balancer.vip}`] ?? (vip?.address.kind === "planned" ? vip.address.ip : undefined)
    );
  }
  const worker = servers.find(({ role }) => role === "workers");
  if (worker === undefined) return undefined;
  return (
    floatingIps[`server/${worker.key}`] ?? (worker.address.kind === "planned" ? worker.address.ip : undefined)
  );
}

function blockCheck({ cluster }: EnvironmentPlan): PlannedCheck {
  return planned(
    "blockClaim",
    `a volume of ${cluster.blockClass} is made, attached and written to`,
    "blockClaim",
    { kind: "blockClaim", storageClass: cluster.blockClass },
  );
}

function sharedCheck({ cluster: { sharedClass } }: EnvironmentPlan): PlannedCheck {
  return planned(
    "sharedClaim",
    "what a job on one node writes to a shared claim, a pod elsewhere reads",
    "sharedClaim",
    sharedClass === undefined
      ? "no shared storage: storage.shared.kind is none"
      : { kind: "sharedClaim", storageClass: sharedClass, nodeLabel: FIRST_WORKER },
  );
}

function dnsCheck(): PlannedCheck {
  return planned("dns", "pods find Services by their names", "dns", {
    kind: "dns",
    names: ["kubernetes.default.svc.cluster.local"],
  });
}

function ingressCheck(plan: EnvironmentPlan, floatingIps: FloatingIps): PlannedCheck {
  const port = plan.ports.find(({ purpose, name }) => purpose === "ingress" && name === "https");
  const host = plan.tenancy.kind === "owner" ? `labstead-verify.${plan.domain}` : plan.hosts[0];
  const { className } = plan.cluster.ingress;
  const task = (): Task | string => {
    if (port === undefined) return "the address of the ingress controller is not known from here";
    if (host === undefined) return "the environment serves no host";
    const path = "/labstead-verify";
    return dialed(plan, floatingIps, port, (dial) => ({ kind: "ingress", host, path, className, dial }));
  };
  return planned("ingress", "a page comes through edge and ingress controller", "ingress", task());
}

function benchmarks({ cluster }: EnvironmentPlan, image: string | undefined): readonly PlannedCheck[] {
  const classes = [
    { storageClass: cluster.blockClass, mode: "ReadWriteOnce" as const },
    ...(cluster.sharedClass === undefined
      ? []
      : [{ storageClass: cluster.sharedClass, mode: "ReadWriteMany" as const }]),
  ];
  return classes.map(({ storageClass, mode }) =>
    planned(
      `benchmark-${storageClass}`,
      `how fast a volume of ${storageClass} is`,
      "benchmark",
      image === undefined
        ? "no image with fio: name one with --fio-image"
        : { kind: "benchmark", storageClass, mode, image },
    ),
  );
}
