/** The containers of the gateway's pod. */
import { assertNever } from "../../../errors/assert-never";
import {
  NOBODY,
  pinnedImage,
  SERVICE_RESOURCES,
  HELPER_RESOURCES,
  type ContainerSpec,
  type Environment,
  type Mount,
  type Probes,
} from "../../../kit";
import { GATEWAY_IMAGES } from "./images";
import { GATEWAY, GATEWAY_PORTS } from "./names";
import type { GatewayPlan, IdentityPlan } from "./plan";
import { GATEWAY_COMMAND, OAUTH2_COOKIE } from "./program";

/** @param files programs and configuration @param env variables of the secrets */
export function gatewayContainers(
  { host, identity }: GatewayPlan,
  files: readonly Mount[],
  env: Environment,
): readonly ContainerSpec[] {
  const asked = identity.kind === "oidc" ? [oauth2Proxy(host, identity, env)] : [];
  return [gateway(files, ownVariables(identity, env)), ...asked];
}

/** oauth2-proxy has its secrets to itself. */
function ownVariables({ kind }: IdentityPlan, env: Environment): Environment {
  switch (kind) {
    case "oidc":
      return {};
    case "ldap":
    case "authUrl":
      return env;
    default:
      return assertNever(kind);
  }
}

function gateway(files: readonly Mount[], env: Environment): ContainerSpec {
  return {
    name: GATEWAY,
    image: pinnedImage(GATEWAY_IMAGES.gateway),
    command: GATEWAY_COMMAND,
    ports: { http: GATEWAY_PORTS.http, health: GATEWAY_PORTS.health },
    env,
    mounts: [...files, { kind: "serviceAccount" }],
    resources: SERVICE_RESOURCES,
    user: NOBODY,
    probes: probesOf("/healthz", GATEWAY_PORTS.health),
  };
}

/** It only answers who somebody is: it passes no request on, skips no sign-in and believes no forwarded header. */
function oauth2Proxy(
  host: string,
  { issuer, clientId, sessionSeconds }: Extract<IdentityPlan, { kind: "oidc" }>,
  env: Environment,
): ContainerSpec {
  return {
    name: "oauth2-proxy",
    image: pinnedImage(GATEWAY_IMAGES.oauth2Proxy),
    args: [
      "--provider=oidc",
      `--oidc-issuer-url=${issuer}`,
      `--client-id=${clientId}`,
      `--redirect-url=https://${host}/oauth2/callback`,
      "--code-challenge-method=S256",
      "--scope=openid email profile",
      // Who has a pod is what the gateway knows.
      "--email-domain=*",
      `--http-address=0.0.0.0:${String(GATEWAY_PORTS.oauth2Proxy)}`,
      "--upstream=static://202",
      "--skip-provider-button=true",
      // Addresses of requests have the codes of sign-ins in them.
      "--request-logging=false",
      `--cookie-name=${OAUTH2_COOKIE}`,
      "--cookie-secure=true",
      "--cookie-samesite=lax",
      `--cookie-expire=${String(sessionSeconds)}s`,
    ],
    ports: { "sign-in": GATEWAY_PORTS.oauth2Proxy },
    env,
    resources: HELPER_RESOURCES,
    user: NOBODY,
    probes: probesOf("/ping", GATEWAY_PORTS.oauth2Proxy),
  };
}

function probesOf(path: string, port: number): Probes {
  const answers = { kind: "http", path, port } as const;
  return { kind: "both", readiness: { ...answers, delay: 1 }, liveness: { ...answers, delay: 15 } };
}
