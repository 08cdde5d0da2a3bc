/**
 * A real API server as the store of the built-in cloud's `kubernetes` package: what the program makes there is really made
 * in the cluster, with the rights of the kubeconfig's user. Only kinds that every API server has: custom resources are
 * applied by sets.
 */
import { setTimeout as pause } from "node:timers/promises";
import { toPlain, type PlainMap, type PlainValue, type PropertyMap } from "../../../provider-protocol";
import { Discovery, objectPath } from "../../../provider/kubernetes-api/discovery";
import { isNotFound, type Answer, type Ask } from "../../../provider/kubernetes-api/http-api";
import { parseKubeconfig } from "../../../provider/kubernetes-api/kubeconfig";
import { PersistentAsk } from "../../../provider/kubernetes-api/persistent-ask";
import { refusalOf } from "../../../provider/kubernetes-api/refusal";
import type { ClusterApi, ObjectName, WriteOptions } from "../../../rehearsal/kubernetes/api";
import { alreadyExists, ApiError, type Reason } from "../../../rehearsal/kubernetes/api-error";
import type { ProviderSettings } from "../../../rehearsal/kubernetes/config";
import { isPlainList, isPlainMap } from "../../../rehearsal/kubernetes/fields";
import { builtInKind, builtInKinds, type Kind } from "../../../rehearsal/kubernetes/kinds";
import { LocalCluster } from "../../../rehearsal/kubernetes/local-cluster";
import { objectNameOf } from "../../../rehearsal/kubernetes/naming";
import { NO_SCHEMA, type Reached } from "../../../rehearsal/kubernetes/package";
import { concealed } from "../../../rehearsal/kubernetes/secrets";

/** Begins as the official provider's, by which sets recognize fields that they take over. */
const MANAGER = "pulumi-kubernetes-lab";
const APPLY = "application/apply-patch+yaml";
const CONNECTIONS = 4;
/** Milliseconds: an API that is away is reported soon, as by the official provider. */
const PATIENCE = { oneRequest: 10_000, altogether: 10_000, firstPause: 200, longestPause: 1_000 };
/** Of a cluster that cannot be asked: its kinds are known. */
const NOTHING = { entries: () => [], set: () => undefined, delete: () => undefined };
const BETWEEN_LOOKS = 200;
const SECONDS_TO_GO = 300;
const REASONS: readonly string[] = ["NotFound", "AlreadyExists", "Invalid", "Forbidden", "BadRequest"];

/** Looks for the API once; what is not found then is away for this provider. */
export async function reachServer(
  { problem }: ProviderSettings,
  kubeconfig: string | undefined,
): Promise<Reached> {
  if (kubeconfig === undefined || problem !== undefined)
    return {
      api: new LocalCluster(NOTHING, () => 0),
      unreachable: () => problem ?? "no kubeconfig is known",
    };
  const requests = new PersistentAsk(parseKubeconfig(kubeconfig), CONNECTIONS, PATIENCE);
  const absent = await problemOf(requests);
  return { api: new ServedCluster(requests), unreachable: () => absent };
}

async function problemOf(requests: PersistentAsk): Promise<string | undefined> {
  try {
    accepted(await requests.ask({ method: "GET", path: "/api/v1" }, new AbortController().signal));
    return undefined;
  } catch (error) {
    return `${NO_SCHEMA}: ${String(error)}`;
  }
}

class ServedCluster implements ClusterApi {
  private readonly discovery: Discovery;
  private readonly signal = new AbortController().signal;

  constructor(private readonly requests: PersistentAsk) {
    this.discovery = new Discovery(requests);
  }

  kind(apiVersion: string, kind: string): Kind | undefined {
    return builtInKind(apiVersion, kind);
  }

  preferredKind(group: string, kind: string): Kind | undefined {
    return builtInKinds().find((each) => each.group === group && each.kind === kind);
  }

  /** As the official provider: looked up first, then applied. */
  async create(kind: Kind, manifest: PropertyMap, options: WriteOptions): Promise<PlainMap> {
    const name = objectNameOf(manifest);
    if ((await this.get(kind, name)) !== undefined) throw alreadyExists(kind, name.name);
    return this.apply(kind, manifest, options);
  }

  async apply(kind: Kind, manifest: PropertyMap, { dryRun }: WriteOptions): Promise<PlainMap> {
    const path = await this.pathOf(kind, objectNameOf(manifest));
    const asked = { fieldManager: MANAGER, force: "false", fieldValidation: "Strict" };
    const query = new URLSearchParams({ ...asked, ...(dryRun ? { dryRun: "All" } : {}) });
    const body = JSON.stringify(toPlain(manifest));
    const request: Ask = { method: "PATCH", path: `${path}?${query.toString()}`, body, contentType: APPLY };
    return withEmpty(storable(accepted(await this.ask(request))), concealed(manifest));
  }

  async get(kind: Kind, name: ObjectName): Promise<PlainMap | undefined> {
    const answer = await this.ask({ method: "GET", path: await this.pathOf(kind, name) });
    return isNotFound(answer) ? undefined : storable(accepted(answer));
  }

  async list(kind: Kind, namespace: string): Promise<readonly PlainMap[]> {
    const path = await this.pathOf(kind, { namespace, name: "" });
    const { items } = JSON.parse(accepted(await this.ask({ method: "GET", path }))) as {
      readonly items: readonly PlainMap[];
    };
    return items.map((item) => concealed(item));
  }

  async delete(kind: Kind, name: ObjectName): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" };
    const answer = await this.ask({ method: "DELETE", path: await this.pathOf(kind, name), body });
    if (!isNotFound(answer)) accepted(answer);
  }

  async gone(kind: Kind, name: ObjectName): Promise<void> {
    await this.list(kind, name.namespace);
    const until = Date.now() + SECONDS_TO_GO * 1000;
    while ((await this.get(kind, name)) !== undefined) {
      if (Date.now() > until) throw new Error(`${kind.kind} ${name.name} is still there after its deletion`);
      await pause(BETWEEN_LOOKS);
    }
  }

  private async pathOf({ apiVersion, kind }: Kind, name: ObjectName): Promise<string> {
    const served = await this.discovery.served(apiVersion, kind, false, this.signal);
    return objectPath(served, name);
  }

  private ask(request: Ask): Promise<Answer> {
    return this.requests.ask(request, this.signal);
  }
}

/** The body. @throws ApiError for a reason that the package decides on */
function accepted(answer: Answer): string {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  const refusal = refusalOf(answer);
  const { reason, message } = refusal;
  throw REASONS.includes(reason) ? new ApiError(reason as Reason, message) : refusal;
}

/** With the empty lists of a manifest, which a server leaves out: the package compares its answer with the manifest. */
function withEmpty(live: PlainMap, manifest: PlainMap): PlainMap {
  const restored = Object.entries(manifest).flatMap(([key, given]): (readonly [string, PlainValue])[] => {
    const found = live[key];
    if (isPlainMap(given) && isPlainMap(found)) return [[key, withEmpty(found, given)]];
    return found === undefined && isPlainList(given) && given.length === 0 ? [[key, given]] : [];
  });
  return { ...live, ...Object.fromEntries(restored) };
}

/** Without secret values, and without the server's record of managers. */
function storable(body: string): PlainMap {
  const { metadata, ...object } = JSON.parse(body) as PlainMap & { readonly metadata: PlainMap };
  const { managedFields: _managers, ...kept } = metadata;
  return concealed({ ...object, metadata: kept });
}
