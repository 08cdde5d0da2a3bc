/** Network flows of the DataLabs services. */
import {
  ingressFlow,
  outwardFlow,
  podFlow,
  type Endpoint as FlowEndpoint,
  type Flow,
  type FlowTarget,
} from "../../environment/parts/flows";
import { ENDPOINTS, type EndpointKey } from "./identity";

type Outside = Exclude<FlowTarget, { kind: "pods" }>;

interface Calls {
  /** Whether the ingress controller connects: for a host, or to authorize a request. */
  readonly fromIngress: boolean;
  readonly calls: readonly EndpointKey[];
  readonly callsOutside: readonly Outside[];
}

const SIGN_IN_PROVIDER: Outside = { kind: "internet", port: 443 };

const CALLS: Readonly<Record<EndpointKey, Calls>> = {
  app: { fromIngress: true, calls: [], callsOutside: [] },
  docs: { fromIngress: true, calls: [], callsOutside: [] },
  api: { fromIngress: true, calls: ["infrastructureApi", "auth", "mongodb"], callsOutside: [] },
  auth: { fromIngress: true, calls: ["mongodb"], callsOutside: [SIGN_IN_PROVIDER] },
  infrastructureApi: {
    fromIngress: false,
    calls: ["auth", "mongodb"],
    callsOutside: [{ kind: "kubernetesApi" }],
  },
  mongodb: { fromIngress: false, calls: [], callsOutside: [] },
};

export const ENDPOINT_KEYS = Object.keys(CALLS) as readonly EndpointKey[];

/** The pods of a service, as policies select them. */
export function endpointOf(key: EndpointKey, namespace: string): FlowEndpoint {
  const { name, service } = ENDPOINTS[key];
  return { namespace, name, port: service.targetPort };
}

/** Pods of the job that stops unused notebooks; they listen on no port. */
export const EXPIRY = "expire-notebooks";

/** It finds notebooks in the database, and stops them by the Kubernetes API. */
export function expiryFlows(namespace: string): readonly Flow[] {
  const from = { namespace, name: EXPIRY };
  return [podFlow(from, endpointOf("mongodb", namespace)), outwardFlow(from, { kind: "kubernetesApi" })];
}

export function datalabFlows(namespace: string): readonly Flow[] {
  const of = (key: EndpointKey): FlowEndpoint => endpointOf(key, namespace);
  return [
    ...ENDPOINT_KEYS.filter((key) => CALLS[key].fromIngress).map((key) => ingressFlow(of(key))),
    ...ENDPOINT_KEYS.flatMap((key) => CALLS[key].calls.map((called) => podFlow(of(key), of(called)))),
    ...ENDPOINT_KEYS.flatMap((key) =>
      CALLS[key].callsOutside.map((outside) => outwardFlow(of(key), outside)),
    ),
  ];
}
