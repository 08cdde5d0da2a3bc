/** The containers of the replicated services, except the infrastructure API's. */
import {
  pinnedImage,
  SERVICE_RESOURCES,
  type ContainerSpec,
  type Environment,
  type Mount,
  type Probes,
  type User,
} from "../../kit";
import type { DatalabConfigFiles } from "./config-files";
import { DATABASE_USER } from "./database";
import { ENDPOINTS, urlOf, type EndpointKey } from "./identity";
import type { DatalabProps } from "./props";
import type { DatalabSecrets } from "./secret-objects";

/** User `nginx` of the nginx images. */
const NGINX: User = { uid: 101, gid: 101 };
/** User `node` of the Node images. */
export const NODE: User = { uid: 1000, gid: 1000 };

const PERMISSIONS = "/usr/src/config/permissions.yml";

/** Inputs of the service containers. */
export interface Parts {
  readonly props: DatalabProps;
  readonly configs: DatalabConfigFiles;
  readonly secrets: DatalabSecrets;
}

/** The web client. */
export function appContainer({ props, configs }: Parts): ContainerSpec {
  return webServer("app", props, configs.forApp());
}

/** The documentation. */
export function docsContainer({ props }: Parts): ContainerSpec {
  return webServer("docs", props, []);
}

/** The API behind the web client. */
export function apiContainer({ props, configs, secrets }: Parts): ContainerSpec {
  return {
    name: "datalab-api",
    image: pinnedImage(props.images.api),
    ports: { http: 8000 },
    env: {
      DATALAB_NAME: labName(props),
      INFRASTRUCTURE_API: urlOf("infrastructureApi"),
      ...databaseEnv(secrets),
      ...tokenEnv(props),
      AUTHORISATION_SERVICE: urlOf("auth"),
      ...NODE_ENV,
    },
    mounts: [...configs.forApi(), ...nodeScratch()],
    resources: SERVICE_RESOURCES,
    user: NODE,
    probes: serviceProbes("api", 30),
  };
}

/** Authenticates people, and signs their permissions. */
export function authContainer({ props, configs, secrets }: Parts): ContainerSpec {
  return {
    name: "datalab-auth",
    image: pinnedImage(props.images.auth),
    ports: { http: 9000 },
    env: {
      ...databaseEnv(secrets),
      PUBLIC_KEY: "/etc/keys/public",
      PRIVATE_KEY: "/etc/keys/private",
      AUTHORISATION_PERMISSIONS: PERMISSIONS,
      OIDC_PROVIDER_DOMAIN: new URL(props.auth.issuer).host,
      OIDC_PROVIDER_AUDIENCE: props.auth.audience,
      ...tokenEnv(props),
      ...NODE_ENV,
    },
    mounts: [
      ...configs.forAuth(PERMISSIONS),
      { kind: "secret", path: "/etc/keys", secret: secrets.signingKey },
      ...nodeScratch(),
    ],
    resources: SERVICE_RESOURCES,
    user: NODE,
    probes: serviceProbes("auth", 30),
  };
}

function webServer(key: "app" | "docs", props: DatalabProps, files: readonly Mount[]): ContainerSpec {
  const port = ENDPOINTS[key].service.targetPort;
  const page = { kind: "http", path: "/", port } as const;
  return {
    name: ENDPOINTS[key].name,
    image: pinnedImage(props.images[key]),
    ports: { http: port },
    mounts: [
      ...files,
      { kind: "scratch", path: "/var/cache/nginx", sizeMiB: 64 },
      { kind: "scratch", path: "/var/run", sizeMiB: 1 },
    ],
    resources: SERVICE_RESOURCES,
    user: NGINX,
    probes: { kind: "both", readiness: page, liveness: page },
  };
}

/**
 * Ready if `/status` succeeds, alive if the port is open: `/status` of these services fails while the database is
 * unavailable, and a restart would not bring it back.
 */
export function serviceProbes(key: EndpointKey, period: number): Probes {
  const port = ENDPOINTS[key].service.targetPort;
  return {
    kind: "both",
    readiness: { kind: "http", path: "/status", port },
    liveness: { kind: "tcp", port, period },
  };
}

export function databaseEnv({ databasePassword }: DatalabSecrets): Environment {
  return {
    DATABASE_HOST: ENDPOINTS.mongodb.service.name,
    DATABASE_USER,
    DATABASE_PASSWORD: databasePassword,
  };
}

/** Issuer and audience of the lab's own tokens: identifiers that are never requested. */
export function tokenEnv({ hosts }: DatalabProps): Environment {
  return {
    AUTHORISATION_AUDIENCE: `https://${hosts.lab}/api`,
    AUTHORISATION_ISSUER: `https://${hosts.lab}/`,
  };
}

/** Tokens with many permissions make long headers: 80 KiB instead of Node's default of 16. */
export const NODE_ENV: Environment = { NODE_OPTIONS: "--max-http-header-size=81920" };

export function nodeScratch(): readonly Mount[] {
  return [{ kind: "scratch", path: "/tmp", sizeMiB: 64 }];
}

/** First label of the lab's host. */
export function labName({ hosts }: DatalabProps): string {
  return hosts.lab.split(".")[0] ?? hosts.lab;
}
