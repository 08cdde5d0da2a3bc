/** Where the metrics of a hub and its proxy are read. */
import { podFlow, type Endpoint, type Flow } from "../../../environment/parts/flows";
import { COMPONENTS, endpointsOf } from "../names";
import type { MetricsConfig } from "./configuration";

/** Port of the proxy's metrics, beside its two others. */
export const PROXY_METRICS_PORT = 8002;

export function proxyMetrics(namespace: string): Endpoint {
  return { namespace, name: COMPONENTS.proxy, port: PROXY_METRICS_PORT };
}

export function metricsFlows(namespace: string, from: MetricsConfig): readonly Flow[] {
  return [endpointsOf(namespace).hub, proxyMetrics(namespace)].map((to) => podFlow(from, to));
}
