/** Objects of a real cluster: HTTPS to its API server. */
import type { PlainMap } from "../../provider-protocol";
import type { GroupKind, ObjectRef } from "../apply-set/entries";
import { groupKindText, groupOf } from "../apply-set/entries";
import { ApiRefusal } from "../apply-set/objects";
import type { ApplyOptions, ClusterObjects, Deletion, LiveObject } from "../apply-set/objects";
import { hasPods } from "../apply-set/order";
import { Discovery, objectPath } from "./discovery";
import type { ServedKind } from "./discovery";
import { isNotFound } from "./http-api";
import type { Answer } from "./http-api";
import { fieldOf, json, textOf } from "./json-fields";
import type { ClusterAccess } from "./kubeconfig";
import { PersistentAsk } from "./persistent-ask";
import type { Patience } from "./persistent-ask";
import { refusalOf } from "./refusal";

/** Concurrent requests to one cluster, of all sets together. `bench/apply-set.bench.ts` compares 4 to 64. */
export const CONNECTIONS = 16;

/** Whole objects that are read to explain a workload. */
const READ = 20;

/** Metadata only: the set reads nothing else, and the server need not send the rest. */
const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const APPLY = "application/apply-patch+yaml";

/** Opens clusters by their access; the same access shares its connections. */
export function httpClusters(
  connections = CONNECTIONS,
  patience?: Patience,
): (access: ClusterAccess) => ClusterObjects {
  const open = new Map<string, ClusterObjects>();
  return (access) => {
    const identity = JSON.stringify(access);
    const known = open.get(identity) ?? new HttpObjects(new PersistentAsk(access, connections, patience));
    open.set(identity, known);
    return known;
  };
}

class HttpObjects implements ClusterObjects {
  readonly #discovery: Discovery;

  constructor(private readonly requests: PersistentAsk) {
    this.#discovery = new Discovery(requests);
  }

  async apply(manifest: PlainMap, options: ApplyOptions): Promise<LiveObject> {
    const answer = await this.patch(manifest, options, { accept: METADATA, dryRun: false });
    return liveObject(json(answer.body), kindOf(manifest));
  }

  async dryRun(manifest: PlainMap, options: ApplyOptions): Promise<PlainMap> {
    return json(
      (await this.patch(manifest, options, { accept: "application/json", dryRun: true })).body,
    ) as PlainMap;
  }

  async get(ref: ObjectRef, signal: AbortSignal): Promise<PlainMap | undefined> {
    return (await this.one(ref, "application/json", signal)) as PlainMap | undefined;
  }

  async find(ref: ObjectRef, signal: AbortSignal): Promise<LiveObject | undefined> {
    const found = await this.one(ref, METADATA, signal);
    return found === undefined ? undefined : liveObject(found, ref);
  }

  async list(
    kind: GroupKind,
    label: string,
    namespaces: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly LiveObject[]> {
    const served = await this.#discovery.preferred(kind, signal);
    if (served === undefined) return [];
    try {
      return await this.listIn(served, kind, { namespace: "", label }, signal);
    } catch (error) {
      const mayListNamespaces =
        error instanceof Error && "status" in error && error.status === 403 && served.namespaced;
      if (!mayListNamespaces) throw error;
      const found: LiveObject[] = [];
      for (const namespace of namespaces)
        found.push(...(await this.listIn(served, kind, { namespace, label }, signal)));
      return found;
    }
  }

  async read(
    kind: GroupKind,
    { label, namespace }: { readonly label: string; readonly namespace: string },
    signal: AbortSignal,
  ): Promise<readonly PlainMap[]> {
    const served = await this.#discovery.preferred(kind, signal);
    if (served === undefined) return [];
    const query = new URLSearchParams({ labelSelector: label, limit: String(READ) });
    const path = `${objectPath(served, { namespace, name: "" })}?${query.toString()}`;
    const answer = await this.requests.ask({ method: "GET", path }, signal);
    if (answer.status !== 200) throw refusalOf(answer);
    const items = fieldOf(json(answer.body), "items");
    return Array.isArray(items) ? (items as readonly PlainMap[]) : [];
  }

  async delete(ref: ObjectRef, uid: string, signal: AbortSignal, afterPods = false): Promise<Deletion> {
    const served = await this.#discovery.preferred(ref, signal);
    if (served === undefined) return "gone";
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      preconditions: { uid },
      propagationPolicy: afterPods && hasPods(ref) ? "Foreground" : "Background",
    };
    const answer = await this.requests.ask(
      { method: "DELETE", path: objectPath(served, ref), body, accept: METADATA },
      signal,
    );
    if (await this.isAbsent(answer, ref, signal)) return "gone";
    if (answer.status === 409) return "another";
    if (answer.status !== 200 && answer.status !== 202) throw refusalOf(answer);
    return "deleted";
  }

  private async patch(
    manifest: PlainMap,
    { manager, force, signal }: ApplyOptions,
    { accept, dryRun }: { readonly accept: string; readonly dryRun: boolean },
  ): Promise<Answer> {
    const { apiVersion, kind, metadata } = manifest;
    const version = typeof apiVersion === "string" ? apiVersion : "";
    const served = await this.#discovery.served(
      version,
      typeof kind === "string" ? kind : "",
      !dryRun && version.includes("."),
      signal,
    );
    const query = new URLSearchParams({
      fieldManager: manager,
      force: String(force),
      fieldValidation: "Strict",
      ...(dryRun ? { dryRun: "All" } : {}),
    });
    const ref = { namespace: textOf(metadata, "namespace"), name: textOf(metadata, "name") };
    mustFitScope(served, ref);
    const path = `${objectPath(served, ref)}?${query.toString()}`;
    const answer = await this.requests.ask(
      { method: "PATCH", path, body: JSON.stringify(manifest), contentType: APPLY, accept },
      signal,
    );
    if (answer.status !== 200 && answer.status !== 201) throw refusalOf(answer);
    return answer;
  }

  private async one(ref: ObjectRef, accept: string, signal: AbortSignal): Promise<unknown> {
    const served = await this.#discovery.preferred(ref, signal);
    if (served === undefined) return undefined;
    const answer = await this.requests.ask({ method: "GET", path: objectPath(served, ref), accept }, signal);
    if (await this.isAbsent(answer, ref, signal)) return undefined;
    if (answer.status !== 200) throw refusalOf(answer);
    return json(answer.body);
  }

  /** Not found, or its kind is no longer served: then the server says only that there is no such page. */
  private async isAbsent(answer: Answer, kind: GroupKind, signal: AbortSignal): Promise<boolean> {
    return isNotFound(answer) || (answer.status === 404 && (await this.#discovery.isGone(kind, signal)));
  }

  private async listIn(
    served: ServedKind,
    kind: GroupKind,
    { namespace, label }: { readonly namespace: string; readonly label: string },
    signal: AbortSignal,
  ): Promise<readonly LiveObject[]> {
    // Without a limit: page by page the API server reads every object of the kind from etcd, else from its memory.
    const query = new URLSearchParams({ labelSelector: label });
    const path = `${objectPath(served, { namespace, name: "" })}?${query.toString()}`;
    const answer = await this.requests.ask({ method: "GET", path, accept: METADATA_LIST }, signal);
    if (await this.isAbsent(answer, kind, signal)) return [];
    if (answer.status !== 200) throw refusalOf(answer);
    const items = fieldOf(json(answer.body), "items");
    return Array.isArray(items) ? items.map((item: unknown) => liveObject(item, kind)) : [];
  }
}

/** An object in another namespace than in its key would not be found again. */
function mustFitScope(
  { namespaced, resource }: ServedKind,
  { namespace }: { readonly namespace: string },
): void {
  if (namespaced && namespace === "")
    throw new ApiRefusal(400, "BadRequest", "has no metadata.namespace; give it one");
  if (!namespaced && namespace !== "")
    throw new ApiRefusal(
      400,
      "BadRequest",
      `metadata.namespace is ${namespace}, but ${resource} are outside of namespaces; leave it out`,
    );
}

function kindOf({ apiVersion, kind }: PlainMap): GroupKind {
  return {
    group: groupOf(typeof apiVersion === "string" ? apiVersion : ""),
    kind: typeof kind === "string" ? kind : "",
  };
}

/** @throws if the answer is not an object, such as the page of a portal */
function liveObject(content: unknown, { group, kind }: GroupKind): LiveObject {
  const metadata = fieldOf(content, "metadata");
  const [name, uid] = [textOf(metadata, "name"), textOf(metadata, "uid")];
  if (uid === "")
    throw new Error(`what answers at the API's address sends no ${groupKindText({ group, kind })}`);
  const labels = fieldOf(metadata, "labels") ?? {};
  const records = recordsOf(fieldOf(metadata, "managedFields"));
  return {
    group,
    kind,
    namespace: textOf(metadata, "namespace"),
    name,
    uid,
    labels: labels as Readonly<Record<string, string>>,
    terminating: textOf(metadata, "deletionTimestamp") !== "",
    managers: [...records.keys()],
    recordOf: (manager) => records.get(manager) ?? "",
  };
}

/** The record of each manager that applied fields: its list of fields shrinks when another one changes any of them. */
function recordsOf(managedFields: unknown): ReadonlyMap<string, string> {
  const entries = Array.isArray(managedFields) ? managedFields : [];
  return new Map(
    entries.flatMap((entry: unknown) => {
      if (textOf(entry, "operation") !== "Apply" || textOf(entry, "subresource") !== "") return [];
      return [[textOf(entry, "manager"), JSON.stringify(fieldOf(entry, "fieldsV1") ?? {})] as const];
    }),
  );
}
