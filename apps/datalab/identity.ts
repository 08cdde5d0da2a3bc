/** Names of the DataLabs stack: the same as in the original, so that people's knowledge of it still applies. */
import type { Identity } from "../../kit";
import type { DatalabProps } from "./props";

export function identityOf(
  { environment }: Pick<DatalabProps, "environment">,
  name: string,
  component: string,
): Identity {
  return { name, partOf: "datalab", component, environment };
}

/** A service: the name of its pods, the name and port of its Service, and the port of its pods. */
export interface Endpoint {
  readonly name: string;
  readonly service: { readonly name: string; readonly port: number; readonly targetPort: number };
}

function endpoint(name: string, service: string, port: number, targetPort = port): Endpoint {
  return { name, service: { name: service, port, targetPort } };
}

export const ENDPOINTS = {
  app: endpoint("datalab-app", "datalab-app-service", 80),
  api: endpoint("datalab-api", "datalab-api-service", 8000),
  auth: endpoint("datalab-auth", "datalab-auth-service", 80, 9000),
  infrastructureApi: endpoint("infrastructure-api", "infrastructure-api-service", 8000),
  docs: endpoint("docs", "docs-service", 80),
  mongodb: endpoint("mongodb", "mongo-service", 27017),
} as const satisfies Readonly<Record<string, Endpoint>>;

export type EndpointKey = keyof typeof ENDPOINTS;

/** Address for pods of the same namespace. */
export function urlOf(key: EndpointKey): string {
  const { name, port } = ENDPOINTS[key].service;
  return port === 80 ? `http://${name}` : `http://${name}:${port}`;
}
