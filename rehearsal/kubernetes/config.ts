/** A Kubernetes provider's own inputs: which cluster it means, and how it treats objects. */
import { existsSync, readFileSync } from "node:fs";

import { parse } from "yaml";

import { reveal, sameValue, Unknown } from "../../provider-protocol";
import type {
  DiffRequest,
  DiffResult,
  PropertyDiff,
  PropertyMap,
  PropertyValue,
} from "../../provider-protocol";
import type { ClientIdentity } from "./authorization";
import { addressOf, clusterOf, clientIdentity } from "./identity";
import type { Mutability } from "./replacement";

export interface ProviderSettings {
  /** Which cluster the kubeconfig leads to, whatever `clusterIdentifier` calls it. */
  readonly cluster: string;
  /** Identity of the client in the cluster; undefined: one with all rights. */
  readonly client: ClientIdentity | undefined;
  /** Why the kubeconfig cannot be used; the provider then behaves as with a cluster that does not answer. */
  readonly problem: string | undefined;
  /** For namespaced objects that name none. */
  readonly namespace: string | undefined;
  readonly mutability: Mutability;
  /** @default true */
  readonly serverSideApply: boolean;
  /** Creating over an existing object takes it over. @default false */
  readonly upsert: boolean;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
}

/** The active cluster of a kubeconfig, as far as anything here needs it. */
interface ActiveCluster {
  readonly server: string;
  /** PEM. */
  readonly authority: string | undefined;
  readonly namespace: string | undefined;
  readonly who: ClientIdentity | undefined;
}

export function providerSettings(config: PropertyMap): ProviderSettings {
  const inputs = reveal(config);
  const active = activeCluster(inputs);
  const namespace = text(inputs["namespace"]) ?? (typeof active === "string" ? undefined : active.namespace);
  return {
    cluster: typeof active === "string" ? "" : clusterOf(active.server, active.authority),
    client: typeof active === "string" ? undefined : active.who,
    problem: typeof active === "string" ? active : undefined,
    namespace,
    mutability: {
      configMaps: flag(inputs["enableConfigMapMutable"], false),
      secrets: flag(inputs["enableSecretMutable"], false),
    },
    serverSideApply: flag(inputs["enableServerSideApply"], true),
    upsert: flag(inputs["upsertExistingObjects"], false),
    deleteUnreachable: flag(inputs["deleteUnreachable"], false),
    skipUpdateUnreachable: flag(inputs["skipUpdateUnreachable"], false),
  };
}

/**
 * A provider is replaced, and all its objects with it, if `clusterIdentifier` changes; without an identifier, if the
 * active cluster of its kubeconfig changes. A kubeconfig that is not known yet counts as another cluster.
 */
export function diffProvider({ oldInputs, newInputs }: DiffRequest): Promise<DiffResult> {
  const identifier = "clusterIdentifier";
  const [was, is] = [oldInputs[identifier] ?? null, newInputs[identifier] ?? null];
  const replacing = new Set<string>();
  if (was !== null && is !== null) {
    if (!sameValue(was, is)) replacing.add(identifier);
  } else if (clusterMoved(oldInputs, newInputs)) {
    for (const key of ["kubeconfig", "context", "cluster"]) replacing.add(key);
  }
  const changes: Record<string, PropertyDiff> = {};
  for (const key of new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])) {
    const [before, after] = [oldInputs[key] ?? null, newInputs[key] ?? null];
    if (key.startsWith("__") || sameValue(before, after)) continue;
    const change = before === null ? "add" : after === null ? "delete" : "update";
    changes[key] = { change, replace: replacing.has(key) };
  }
  return Promise.resolve({ changes });
}

function clusterMoved(oldInputs: PropertyMap, newInputs: PropertyMap): boolean {
  if (reveal(newInputs["kubeconfig"] ?? null) instanceof Unknown) return true;
  const [before, after] = [activeCluster(reveal(oldInputs)), activeCluster(reveal(newInputs))];
  return typeof before !== "string" && typeof after !== "string" && before.server !== after.server;
}

/** The active cluster, or the reason why there is none. */
function activeCluster(inputs: PropertyMap): ActiveCluster | string {
  const given = text(inputs["kubeconfig"]);
  if (given === undefined)
    return "no kubeconfig is given, and the built-in cloud reads no file of the user's";
  const config = parsed(given);
  if (typeof config === "string") return config;
  const contextName = text(inputs["context"]) ?? text(config["current-context"]);
  const context = field(named(config["contexts"], contextName), "context");
  const clusterName = text(inputs["cluster"]) ?? text(context["cluster"]);
  const cluster = field(named(config["clusters"], clusterName), "cluster");
  const server = text(cluster["server"]);
  if (server === undefined) return `the kubeconfig has no cluster for its context "${contextName ?? ""}"`;
  const user = field(named(config["users"], text(context["user"])), "user");
  return {
    server: addressOf(server),
    authority: decoded(cluster["certificate-authority-data"]),
    namespace: text(context["namespace"]),
    who: clientIdentity(decoded(user["client-certificate-data"])),
  };
}

function decoded(data: unknown): string | undefined {
  const given = text(data);
  return given === undefined ? undefined : Buffer.from(given, "base64").toString("utf8");
}

type Fields = Readonly<Record<string, unknown>>;

/** As the official provider: contents, or the path of a file. */
function parsed(given: string): Fields | string {
  try {
    const contents = !given.includes("\n") && existsSync(given) ? readFileSync(given, "utf8") : given;
    const config: unknown = parse(contents);
    return isFields(config) ? config : "failed to parse kubeconfig data: it is no mapping";
  } catch {
    // The parser's message quotes the file, which holds keys.
    return "failed to parse kubeconfig data: it is neither YAML nor JSON";
  }
}

function named(list: unknown, name: string | undefined): Fields {
  if (!Array.isArray(list)) return {};
  const found: unknown = list.find((item: unknown) => isFields(item) && item["name"] === name);
  return isFields(found) ? found : {};
}

function field(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Options of a provider arrive as booleans or as their text. */
function flag(value: PropertyValue | undefined, otherwise: boolean): boolean {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : otherwise;
}
