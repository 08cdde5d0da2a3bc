/** Network flows, declared once: the NetworkPolicies of both sides are derived from the same list. */

/** Pods behind one port. */
export interface Endpoint {
  readonly namespace: string;
  /** The pods' label `app.kubernetes.io/name`. */
  readonly name: string;
  /** The port that the pods listen on, not the Service's. */
  readonly port: number;
  /** @default TCP */
  readonly protocol?: "TCP" | "UDP";
}

/** Pods that connect to others, whether they listen or not. */
export type ClientEndpoint = Pick<Endpoint, "namespace" | "name">;

/** The client of a flow. */
export type FlowSource =
  { readonly kind: "pods"; readonly of: ClientEndpoint } | { readonly kind: "ingressController" };

/** Destination of a connection. */
export type FlowTarget =
  | { readonly kind: "pods"; readonly of: Endpoint }
  /** Any address of the internet on this TCP port; except the link-local range with the cloud's metadata. */
  | { readonly kind: "internet"; readonly port: number }
  | { readonly kind: "kubernetesApi" };

/** A connection that NetworkPolicies admit, from its client to its destination. */
export interface Flow {
  readonly from: FlowSource;
  readonly to: FlowTarget;
}

/** Pods to pods. */
export function podFlow(from: ClientEndpoint, to: Endpoint): Flow {
  return { from: { kind: "pods", of: from }, to: { kind: "pods", of: to } };
}

/** From the ingress controller to pods: for a host, or to authorize a request. */
export function ingressFlow(to: Endpoint): Flow {
  return { from: { kind: "ingressController" }, to: { kind: "pods", of: to } };
}

/** Pods to something other than a pod. */
export function outwardFlow(from: ClientEndpoint, to: Exclude<FlowTarget, { kind: "pods" }>): Flow {
  return { from: { kind: "pods", of: from }, to };
}
