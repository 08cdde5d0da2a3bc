/** The ingress controller of a cluster that the program makes, shared by its environments. */
import { output, type NamedValue } from "../values";
import type { IngressConfig } from "./config";
import { mapNonEmpty, type NonEmpty } from "./non-empty";
import type { IngressControllerPlan } from "./plan/types";

export type IngressKind = IngressConfig["kind"];

/**
 * Both controllers serve the Ingresses of this class, and read ingress-nginx's annotations: the class says how an
 * Ingress is written, not which program serves it.
 */
export const INGRESS_CLASS = { name: "nginx", controller: "k8s.io/ingress-nginx" } as const;

export const INGRESS_NAMESPACE = "kube-system";

/** Deployment of each controller; its pods have the name as their label. */
export const INGRESS_WORKLOADS = {
  "ingress-nginx": "ingress-nginx-controller",
  traefik: "traefik",
} as const satisfies Readonly<Record<IngressKind, string>>;

/** The controllers that run: two while one replaces the other. */
export function runningControllers(ingress: IngressConfig): NonEmpty<IngressKind> {
  return migrationStage(ingress) === undefined ? [ingress.kind] : ["ingress-nginx", "traefik"];
}

/** How far a migration from ingress-nginx to Traefik is. */
export type MigrationStage =
  /** Traefik gets no requests yet. */
  | { readonly kind: "beside" }
  /** Traefik gets all requests, and serves these hosts. */
  | { readonly kind: "moving"; readonly moved: readonly string[] }
  /** Traefik serves every host. */
  | { readonly kind: "moved" };

/** Undefined without a migration. */
export function migrationStage({ kind, migration }: IngressConfig): MigrationStage | undefined {
  if (kind === "ingress-nginx" || migration === undefined) return undefined;
  if (migration.all) return { kind: "moved" };
  return migration.moved.length === 0 ? { kind: "beside" } : { kind: "moving", moved: migration.moved };
}

/** The controller that gets every request first: the new one as soon as it serves a host. */
export function entryController(ingress: IngressConfig): IngressKind {
  return migrationStage(ingress)?.kind === "beside" ? "ingress-nginx" : ingress.kind;
}

/** Key of the load balancer, and of its address, of a controller that is exposed by a Service of type LoadBalancer. */
export const INGRESS_BALANCER = "ingress";

/** Id of the port in Neutron whose address Octavia serves for the controller's Service. */
export const INGRESS_PORT_ID: NamedValue = output("vip/ingress/port-id");

/** Exposure by a Service of type LoadBalancer. */
export type BalancedExposure = Exclude<IngressConfig["exposure"], { kind: "nodePort" }>;

/** Undefined for a controller that clients reach by NodePorts. */
export function balancedExposure({ exposure }: IngressConfig): BalancedExposure | undefined {
  return exposure.kind === "nodePort" ? undefined : exposure;
}

export function ingressControllerPlan(ingress: IngressConfig): Required<IngressControllerPlan> {
  return {
    className: INGRESS_CLASS.name,
    namespace: INGRESS_NAMESPACE,
    pods: mapNonEmpty(runningControllers(ingress), (kind) => ({
      "app.kubernetes.io/name": INGRESS_WORKLOADS[kind],
    })),
    entry: INGRESS_WORKLOADS[entryController(ingress)],
  };
}
