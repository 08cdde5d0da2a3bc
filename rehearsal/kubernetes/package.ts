/**
 * The `kubernetes` package of the built-in cloud. It stands in for the official provider, version 4.34, and follows its
 * documentation in what the engine sees: names, ids, changes, replacement, secrets, errors. It looks for the API once, when
 * it is configured, and needs the rights that the official one needs. It is no copy of it: there is no validation against
 * the API's whole schema, no waiting, and no Helm, Kustomize or Patch resource.
 */
import { parseAllDocuments } from "yaml";

import type {
  CheckRequest,
  CheckResult,
  ConfiguredPackage,
  InvokeRequest,
  InvokeResult,
  PackageHandler,
  PropertyValue,
  ProviderConfig,
  ResourceHandler,
} from "../../provider-protocol";
import { isMap, reveal } from "../../provider-protocol";
import { AuthorizedApi } from "./authorization";
import type { Clusters } from "./clusters";
import { diffProvider, providerSettings } from "./config";
import type { ProviderSettings } from "./config";
import { kindOfToken } from "./kinds";
import { ObjectResource } from "./object-resource";
import type { Connection } from "./object-resource";

/** The version of @pulumi/kubernetes whose behaviour this follows. */
const VERSION = "4.34.2";

/** The official provider's error about an API that did not exist when it was configured. */
export const NO_SCHEMA = "unable to load schema information from the API server";

/** Milliseconds before a creation is repeated for the first time; the official provider waits a second. */
const RETRY_MILLISECONDS = 50;

export interface KubernetesOptions {
  /** @default 50, doubled each of five times */
  readonly retryMilliseconds?: number;
}

/** What a provider is connected to. */
export type Reached = Pick<Connection, "api" | "unreachable">;

/**
 * Connects a provider when it is configured: once, as the official provider does.
 * @param kubeconfig its contents; undefined if there are none
 */
export type Connect = (settings: ProviderSettings, kubeconfig: string | undefined) => Promise<Reached>;

/** On the clusters of the built-in cloud. */
export function kubernetesPackage(clusters: Clusters, options: KubernetesOptions = {}): PackageHandler {
  return kubernetesPackageOn((settings) => Promise.resolve(reachLocally(clusters, settings)), options);
}

/** On any clusters, such as real ones. */
export function kubernetesPackageOn(connect: Connect, options: KubernetesOptions = {}): PackageHandler {
  return {
    name: "kubernetes",
    version: VERSION,
    checkConfig,
    diffConfig: diffProvider,
    configure: (config) => configured(config, connect, options),
  };
}

/** Both read files or the user's shell; the built-in cloud has no use for them. */
const UNSUPPORTED = ["renderYamlToDirectory", "alwaysRender"];

function checkConfig({ newInputs }: CheckRequest): Promise<CheckResult> {
  const failures = UNSUPPORTED.filter((name) => (newInputs[name] ?? null) !== null).map((name) => ({
    property: name,
    reason: "the built-in cloud does not have this option",
  }));
  return Promise.resolve({ inputs: newInputs, failures });
}

async function configured(
  { inputs }: ProviderConfig,
  connect: Connect,
  { retryMilliseconds = RETRY_MILLISECONDS }: KubernetesOptions,
): Promise<ConfiguredPackage> {
  const settings = providerSettings(inputs);
  const { kubeconfig } = reveal(inputs);
  const reached = await connect(settings, typeof kubeconfig === "string" ? kubeconfig : undefined);
  const connection: Connection = { ...reached, settings, retryMilliseconds };
  return { resource: (type) => resource(type, connection), invoke };
}

function reachLocally(clusters: Clusters, settings: ProviderSettings): Reached {
  const cluster = clusters.cluster(settings.cluster);
  // Looked for once, and remembered: a cluster that starts later is not seen any more.
  const away = clusters.unreachable(settings.cluster);
  const absent = settings.problem ?? (away === undefined ? undefined : `${NO_SCHEMA}: ${away}`);
  return {
    api: settings.client === undefined ? cluster : new AuthorizedApi(cluster, settings.client),
    unreachable: () => absent ?? clusters.unreachable(settings.cluster),
  };
}

function resource(type: string, connection: Connection): ResourceHandler | undefined {
  const token = kindOfToken(type);
  if (token === undefined || token.kind.endsWith("Patch")) return undefined;
  if (token.kind.endsWith("List") && !token.apiVersion.includes("."))
    throw new Error(
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. Use the underlying resource type instead",
    );
  return new ObjectResource(token, connection);
}

/** What `ConfigFile` and `ConfigGroup` of the SDK call. */
const DECODE = "kubernetes:yaml:decode";

function invoke({ token, args }: InvokeRequest): Promise<InvokeResult> {
  if (token !== DECODE) return Promise.reject(new Error(`unknown Invoke type "${token}"`));
  const text = args["text"];
  if (typeof text !== "string")
    return Promise.reject(new Error("missing required field 'text' of type string"));
  const documents = parseAllDocuments(text).map((document) => document.toJS() as PropertyValue);
  return Promise.resolve({ result: { result: documents.filter((document) => isMap(document)) } });
}
