/** The part of a kubeconfig that describes the connection to one API server. Errors never contain its contents. */
import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";

import { parse } from "yaml";

import { EXEC_VERSIONS } from "./exec-program";
import type { ExecProgram, Proof } from "./exec-program";

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
  | Proof
  /** A file that others renew; it is read for each request. */
  | { readonly kind: "tokenFile"; readonly path: string }
  /** A program that prints a token or a certificate; it is run when the last one has expired or is refused. */
  | { readonly kind: "exec"; readonly program: ExecProgram };

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
    credentials: credentials(user, cluster),
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

/** In the order in which kubectl prefers them. */
function credentials(user: Fields, cluster: Fields): Credentials {
  refuseUnsupported(user);
  const certificate = pem(user, "client-certificate");
  const key = pem(user, "client-key");
  if (certificate !== undefined && key !== undefined) return { kind: "certificate", certificate, key };
  const path = string(user["tokenFile"]);
  if (path !== undefined) return { kind: "tokenFile", path };
  const token = string(user["token"]);
  if (token !== undefined) return { kind: "token", token };
  const exec = user["exec"];
  return isFields(exec) ? { kind: "exec", program: execProgram(exec, cluster) } : { kind: "none" };
}

/** What would be another user, or none, without a word. */
function refuseUnsupported(user: Fields): void {
  if (user["auth-provider"] !== undefined)
    throw new KubeconfigError(
      "asks for an auth-provider, which Kubernetes removed in 1.26; give an exec program, a client certificate or a token",
    );
  if (user["username"] !== undefined || user["password"] !== undefined)
    throw new KubeconfigError(
      "has a user name and a password, which API servers refuse since 1.19; give a client certificate or a token",
    );
  if (["as", "as-uid", "as-groups", "as-user-extra"].some((name) => user[name] !== undefined))
    throw new KubeconfigError(
      "acts as another user (as), which is not supported; give the credentials of that user",
    );
}

function execProgram(exec: Fields, cluster: Fields): ExecProgram {
  const apiVersion = EXEC_VERSIONS.find((each) => each === exec["apiVersion"]);
  if (apiVersion === undefined)
    throw new KubeconfigError(
      `has an exec program of another apiVersion than ${EXEC_VERSIONS.join(" and ")}`,
    );
  const command = string(exec["command"]);
  if (command === undefined) throw new KubeconfigError("has an exec program without a command");
  if (command.includes("/") && !isAbsolute(command))
    throw new KubeconfigError(
      `has an exec program with the relative path ${command}; give an absolute one, or a name in PATH`,
    );
  if (exec["interactiveMode"] === "Always")
    throw new KubeconfigError(
      `has an exec program that needs a terminal (interactiveMode of ${command}); give one that works without`,
    );
  const args = list(exec["args"]).flatMap((each) => string(each) ?? []);
  const variables = list(exec["env"]).filter(isFields);
  return {
    apiVersion,
    command,
    args,
    environment: Object.fromEntries(
      variables.map(({ name, value }) => [string(name) ?? "", string(value) ?? ""] as const),
    ),
    cluster: exec["provideClusterInfo"] === true ? clusterInfo(cluster) : undefined,
    installHint: string(exec["installHint"]) ?? "",
  };
}

/** As `ExecCredential.spec.cluster`; `config` is what the kubeconfig's extension for the program has. */
function clusterInfo(cluster: Fields): Fields {
  const extension = list(cluster["extensions"])
    .filter(isFields)
    .find(({ name }) => name === "client.authentication.k8s.io/exec");
  const ca = pem(cluster, "certificate-authority");
  return {
    server: cluster["server"],
    ...(cluster["tls-server-name"] === undefined ? {} : { "tls-server-name": cluster["tls-server-name"] }),
    ...(ca === undefined ? {} : { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
    ...(cluster["proxy-url"] === undefined ? {} : { "proxy-url": cluster["proxy-url"] }),
    ...(extension === undefined ? {} : { config: extension["extension"] }),
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
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
