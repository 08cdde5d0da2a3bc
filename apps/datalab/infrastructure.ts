/**
 * The infrastructure API's pod: the API, a watcher of the objects that it created, and `kubectl proxy` as ambassador.
 * Only the ambassador has the service account's token; the others connect to it on the pod's loopback.
 */
import {
  HELPER_RESOURCES,
  NOBODY,
  pinnedImage,
  SERVICE_RESOURCES,
  type ContainerSpec,
  type Environment,
} from "../../kit";
import { ENDPOINTS } from "./identity";
import {
  databaseEnv,
  labName,
  NODE,
  NODE_ENV,
  nodeScratch,
  serviceProbes,
  tokenEnv,
  type Parts,
} from "./services";

const PROXY_PORT = 8001;
const PROXY_URL = `http://127.0.0.1:${PROXY_PORT}`;
/** Path at which the proxy serves a local folder: such a request never reaches the Kubernetes API. */
const PROXY_SELF = "/static/";

export function infrastructureContainers(parts: Parts): readonly ContainerSpec[] {
  return [apiContainer(parts), watcherContainer(parts), kubectlContainer(parts)];
}

/** The ambassador, for other pods that work in the namespaces of projects. */
export function ambassador(parts: Parts): ContainerSpec {
  return kubectlContainer(parts);
}

/** What the API's own programs need to reach Kubernetes, the database and the authorisation service. */
export function infrastructureEnv({ props, secrets }: Parts, own: Environment = {}): Environment {
  return {
    DATALAB_NAME: labName(props),
    DATALAB_DOMAIN: props.domain,
    ...own,
    KUBERNETES_API: PROXY_URL,
    KUBERNETES_NAMESPACE: props.namespace,
    DEPLOYED_IN_CLUSTER: "true",
    AUTH_SIGNIN_URL: `https://${props.hosts.lab}`,
    AUTHORISATION_SERVICE: clusterUrl(props.namespace),
    ...tokenEnv(props),
    ...databaseEnv(secrets),
    ...NODE_ENV,
  };
}

function apiContainer(parts: Parts): ContainerSpec {
  const { props, configs } = parts;
  const { targetPort } = ENDPOINTS.infrastructureApi.service;
  return {
    name: "infrastructure-api",
    image: pinnedImage(props.images.infrastructureApi),
    ports: { http: targetPort },
    env: infrastructureEnv(parts, { INFRASTRUCTURE_API_PORT: String(targetPort) }),
    mounts: [...configs.forInfrastructureApi(), ...nodeScratch()],
    resources: SERVICE_RESOURCES,
    user: NODE,
    probes: serviceProbes("infrastructureApi", 30),
  };
}

function watcherContainer({ props, configs, secrets }: Parts): ContainerSpec {
  return {
    name: "infrastructure-watcher",
    image: pinnedImage(props.images.infrastructureApi),
    command: ["node", "watcher.js"],
    env: {
      KUBERNETES_API: PROXY_URL,
      KUBERNETES_NAMESPACE: props.namespace,
      DEPLOYED_IN_CLUSTER: "true",
      ...databaseEnv(secrets),
    },
    mounts: [...configs.forWatcher(), ...nodeScratch()],
    resources: SERVICE_RESOURCES,
    user: NODE,
    probes: {
      kind: "none",
      reason: "it listens on no port and ends itself when it fails, which restarts it",
    },
  };
}

function kubectlContainer({ props }: Parts): ContainerSpec {
  const ask = (path: string): readonly string[] => [
    "kubectl",
    "get",
    `--raw=${path}`,
    `--server=${PROXY_URL}`,
  ];
  return {
    name: "kubectl",
    image: pinnedImage(props.images.kubectl),
    command: [
      "kubectl",
      "proxy",
      `--port=${PROXY_PORT}`,
      "--address=127.0.0.1",
      "--www=/tmp",
      `--www-prefix=${PROXY_SELF}`,
    ],
    env: { HOME: "/tmp" },
    mounts: [{ kind: "serviceAccount" }, { kind: "scratch", path: "/tmp", sizeMiB: 16 }],
    resources: HELPER_RESOURCES,
    user: NOBODY,
    probes: {
      kind: "both",
      readiness: { kind: "command", command: ask("/healthz"), period: 30, timeout: 5 },
      liveness: { kind: "command", command: ask(PROXY_SELF), period: 30, timeout: 5 },
    },
  };
}

/** The full name: the ingress controller in another namespace requires it. */
function clusterUrl(namespace: string): string {
  return `http://${ENDPOINTS.auth.service.name}.${namespace}.svc.cluster.local`;
}
