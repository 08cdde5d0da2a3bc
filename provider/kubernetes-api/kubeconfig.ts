/** The part of a kubeconfig that describes the connection to one API server. Errors never contain its contents. */
import { readFileSync } from "node:fs";

import { parse } from "yaml";

/** Connection to an API server, with its credentials. */
export interface ClusterAccess {
  /** `https://host:port`, without a trailing slash. */
  readonly server: string;
  /** Name that the server's certificate must have; undefined: the host of `server`. */
  readonly serverName: string | undefined;
  /** PEM of the cluster's CA; undefined: the machine's own CAs. */
  readonly ca: string | undefined;
  /** `http://`, `https://` or `socks5://` address of a proxy. */
  readonly proxy: URL | undefined;
  readonly credentials: Credentials;
}

export type Credentials =
  | { readonly kind: "certificate"; readonly certificate: string; readonly key: string }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "none" };

/** The problem of a kubeconfig, and the fix. */
export class KubeconfigError extends Error {}

/** @throws KubeconfigError */
export function parseKubeconfig(text: string): ClusterAccess {
  const config = document(text);
  const context = entry(config, "contexts", string(config["current-context"]) ?? "", "context");
  const cluster = entry(config, "clusters", string(context["cluster"]) ?? "", "cluster");
  const user = entry(config, "users", string(context["user"]) ?? "", "user");
  if (cluster["insecure-skip-tls-verify"] === true)
    throw new KubeconfigError(
      "insecure-skip-tls-verify is set: a gate that trusts anybody is none; give certificate-authority-data",
    );
  return {
    server: server(cluster),
    serverName: string(cluster["tls-server-name"]),
    ca: pem(cluster, "certificate-authority"),
    proxy: proxy(string(cluster["proxy-url"])),
    credentials: credentials(user),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function document(text: string): Fields {
  let config: unknown;
  try {
    config = parse(text);
  } catch {
    throw new KubeconfigError("is neither YAML nor JSON; give the contents of a kubeconfig");
  }
  if (!isFields(config)) throw new KubeconfigError("is no mapping; give the contents of a kubeconfig");
  return config;
}

/** The entry of a list by its name; a list with one entry needs no name. */
function entry(config: Fields, list: string, name: string, field: string): Fields {
  const all = config[list];
  const entries = Array.isArray(all) ? all.filter(isFields) : [];
  const found = entries.find((each) => each["name"] === name) ?? (name === "" ? entries[0] : undefined);
  const value = found?.[field];
  if (!isFields(value)) throw new KubeconfigError(`has no entry "${name}" in ${list}; check current-context`);
  return value;
}

function server(cluster: Fields): string {
  const given = string(cluster["server"]);
  const url = given === undefined ? undefined : parsedUrl(given);
  if (url?.protocol !== "https:")
    throw new KubeconfigError(
      "has no https:// server for its current context; check clusters[].cluster.server",
    );
  return url.href.replace(/\/+$/, "");
}

function proxy(given: string | undefined): URL | undefined {
  if (given === undefined) return undefined;
  const url = parsedUrl(given);
  if (url === undefined || !["http:", "https:", "socks5:"].includes(url.protocol))
    throw new KubeconfigError("has a proxy-url that is no http://, https:// or socks5:// address");
  return url;
}

function credentials(user: Fields): Credentials {
  if (user["exec"] !== undefined || user["auth-provider"] !== undefined)
    throw new KubeconfigError(
      "asks for a credential program (exec or auth-provider), which the gate does not run; give a client certificate or a token",
    );
  const certificate = pem(user, "client-certificate");
  const key = pem(user, "client-key");
  if (certificate !== undefined && key !== undefined) return { kind: "certificate", certificate, key };
  const token = string(user["token"]);
  return token === undefined ? { kind: "none" } : { kind: "token", token };
}

/** `<name>-data` in base64, else the file `<name>`. */
function pem(fields: Fields, name: string): string | undefined {
  const data = string(fields[`${name}-data`]);
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  const file = string(fields[name]);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new KubeconfigError(`names a file for ${name} that cannot be read; give ${name}-data instead`);
  }
}

function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsedUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
