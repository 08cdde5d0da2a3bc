/** What the gateway's program reads, and the files that it is made of. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertNever } from "../../../errors/assert-never";
import { UID_LABEL, USER_POD } from "../names";
import { GATEWAY_PORTS, USERS_CONFIG } from "./names";
import type { GatewayPlan, IdentityPlan } from "./plan";

/** In `programs/`; the first is the one that is started. */
const PROGRAMS = [
  "gateway.js",
  "activity.js",
  "http.js",
  "identity.js",
  "kubernetes.js",
  "ldap.js",
  "page.js",
  "pod-state.js",
  "proxy.js",
  "sessions.js",
] as const;

/** Where they are in the container. */
const FOLDER = "/opt/labstead";
export const GATEWAY_COMMAND = ["node", `${FOLDER}/gateway.js`, `${FOLDER}/gateway.json`] as const;
export const CONFIG_PATH = GATEWAY_COMMAND[2];

/** Each file with its path in the container. */
export function programFiles(): readonly {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}[] {
  return PROGRAMS.map((name) => ({
    path: `${FOLDER}/${name}`,
    name: name.replace(/\.js$/, ""),
    text: readFileSync(join(__dirname, "programs", name), "utf8"),
  }));
}

/** Cookie of oauth2-proxy; the prefix keeps other hosts of the domain from setting it. */
export const OAUTH2_COOKIE = "__Host-labstead-oidc";
const OAUTH2_PROXY = `http://127.0.0.1:${GATEWAY_PORTS.oauth2Proxy}`;

/** What the gateway's program reads. */
export function gatewayConfigFile(plan: GatewayPlan, namespace: string): object {
  const { host, idle, stripPath, identity } = plan;
  return {
    port: GATEWAY_PORTS.http,
    healthPort: GATEWAY_PORTS.health,
    origin: `https://${host}`,
    namespace,
    usersConfigMap: USERS_CONFIG,
    userPods: Object.entries(USER_POD)
      .map(([label, value]) => `${label}=${value}`)
      .join(),
    uidLabel: UID_LABEL,
    accountFolder: "/var/run/secrets/kubernetes.io/serviceaccount",
    pod: `http://uid{uid}.${namespace}.svc:80`,
    stripPath,
    idle: idle.kind === "keep" ? null : { afterSeconds: idle.afterSeconds, everySeconds: idle.everySeconds },
    identity: identityFile(identity),
  };
}

function identityFile(identity: IdentityPlan): object {
  switch (identity.kind) {
    case "oidc":
      return {
        kind: "service",
        url: `${OAUTH2_PROXY}/oauth2/userinfo`,
        field: FIELDS[identity.nameClaim],
        cookie: OAUTH2_COOKIE,
        signIn: "/oauth2/start",
        wantedPage: "path",
        signOut: "/oauth2/sign_out",
        pages: {
          target: OAUTH2_PROXY,
          paths: ["/oauth2/start", "/oauth2/callback", "/oauth2/sign_out", "/oauth2/sign_in"],
        },
      };
    case "authUrl": {
      const { url, nameHeader, cookie, signIn, signOut } = identity;
      return {
        ...{ kind: "service", url, header: nameHeader.toLowerCase(), cookie, wantedPage: "url" },
        ...(signIn === undefined ? {} : { signIn }),
        ...(signOut === undefined ? {} : { signOut }),
      };
    }
    case "ldap": {
      const { kind, url, dn, authority, timeoutSeconds, sessionSeconds } = identity;
      return {
        ...{ kind, url, dn, timeoutSeconds, sessionSeconds },
        ...(authority === undefined ? {} : { ca: authority }),
      };
    }
    default:
      return assertNever(identity);
  }
}

/** Fields in which oauth2-proxy answers with each claim. */
const FIELDS = { preferred_username: "preferredUsername", email: "email" } as const;
