/** Lists the objects of all kinds that a cluster serves: their metadata alone. */
import { entryKey, groupOf } from "../apply-set/entries";
import type { GroupKind } from "../apply-set/entries";
import { inParallel } from "../../provider-protocol/parallel";
import { objectPath } from "./discovery";
import type { ServedKind } from "./discovery";
import { fieldOf, json, listOf, textOf } from "./json-fields";
import type { PersistentAsk } from "./persistent-ask";
import { refusalOf } from "./refusal";

/** An object as a list shows it. */
export interface ListedObject {
  /** `namespace/name/kind.group`, as an apply set's state has it. */
  readonly key: string;
  readonly kind: GroupKind;
  /** Empty outside of namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Another object owns it: a controller made it, and it goes with its owner. */
  readonly isOwned: boolean;
}

/** What the user may not list. */
export interface RefusedList {
  readonly kind: GroupKind;
  /** Empty for the whole cluster. */
  readonly namespace: string;
}

/** Objects of all kinds, and the kinds that the user may not list. */
export interface ClusterListing {
  readonly objects: readonly ListedObject[];
  readonly refused: readonly RefusedList[];
}

const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
/** Objects in one answer: some megabytes, since each has the record of its managers. */
const PAGE = 1000;
const KINDS_AT_ONCE = 4;

/** What the cluster's own controllers write all the time, for themselves or about other objects. */
const INTERNAL: ReadonlySet<string> = new Set([
  "componentstatuses",
  "endpoints",
  "endpointslices",
  "events",
  "leases",
  "nodes",
  "apiservices",
  "certificatesigningrequests",
  "clustertrustbundles",
  "csinodes",
  "csistoragecapacities",
  "flowschemas",
  "ipaddresses",
  "persistentvolumes",
  "prioritylevelconfigurations",
  "servicecidrs",
  "volumeattachments",
]);
/** Groups that serve measurements instead of objects. */
const MEASUREMENTS = /(^|\.)metrics\.k8s\.io$/;

interface Listable extends ServedKind {
  readonly kind: GroupKind;
}

/**
 * @param namespaces to list if the user may not list the whole cluster
 * @throws ApiRefusal or NoAnswer
 */
export async function listCluster(
  requests: PersistentAsk,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<ClusterListing> {
  const kinds = await listableKinds(requests, signal);
  const objects: ListedObject[] = [];
  const refused: RefusedList[] = [];
  await inParallel(kinds, KINDS_AT_ONCE, async (kind) => {
    const whole = await listIn(requests, kind, "", signal);
    if (whole !== undefined) objects.push(...whole);
    else if (!kind.namespaced) refused.push({ kind: kind.kind, namespace: "" });
    else
      for (const namespace of namespaces) {
        const some = await listIn(requests, kind, namespace, signal);
        if (some === undefined) refused.push({ kind: kind.kind, namespace });
        else objects.push(...some);
      }
  });
  return { objects, refused };
}

/** Each in the version that the cluster prefers. */
async function listableKinds(requests: PersistentAsk, signal: AbortSignal): Promise<readonly Listable[]> {
  const groups = await read(requests, "/apis", signal);
  const versions = listOf(fieldOf(groups, "groups")).flatMap((group) => {
    const version = textOf(fieldOf(group, "preferredVersion"), "groupVersion");
    return MEASUREMENTS.test(textOf(group, "name")) || version === "" ? [] : [`/apis/${version}`];
  });
  const kinds: Listable[] = [];
  for (const versionPath of ["/api/v1", ...versions]) {
    const group = versionPath.startsWith("/apis/") ? groupOf(versionPath.slice("/apis/".length)) : "";
    for (const each of listOf(fieldOf(await read(requests, versionPath, signal), "resources"))) {
      const resource = textOf(each, "name");
      const isListed = listOf(fieldOf(each, "verbs")).includes("list");
      if (!isListed || INTERNAL.has(resource)) continue;
      kinds.push({
        versionPath,
        resource,
        namespaced: fieldOf(each, "namespaced") === true,
        kind: { group, kind: textOf(each, "kind") },
      });
    }
  }
  return kinds;
}

/** Undefined if the user may not list them. */
async function listIn(
  requests: PersistentAsk,
  { kind, ...served }: Listable,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly ListedObject[] | undefined> {
  const found: ListedObject[] = [];
  const base = objectPath(served, { namespace, name: "" });
  for (let rest = ""; ;) {
    const query = new URLSearchParams({
      limit: String(PAGE),
      ...(rest === "" ? {} : { continue: rest }),
    });
    const path = `${base}?${query.toString()}`;
    const answer = await requests.ask({ method: "GET", path, accept: METADATA_LIST }, signal);
    if (answer.status === 403) return undefined;
    // Its definition was removed a moment ago.
    if (answer.status === 404) return found;
    if (answer.status !== 200) throw refusalOf(answer);
    const body = json(answer.body);
    found.push(...listOf(fieldOf(body, "items")).map((item) => listedObject(item, kind)));
    rest = textOf(fieldOf(body, "metadata"), "continue");
    if (rest === "") return found;
  }
}

function listedObject(item: unknown, kind: GroupKind): ListedObject {
  const metadata = fieldOf(item, "metadata");
  const [namespace, name] = [textOf(metadata, "namespace"), textOf(metadata, "name")];
  return {
    key: entryKey({ ...kind, namespace, name }),
    kind,
    namespace,
    name,
    labels: textsOf(fieldOf(metadata, "labels")),
    annotations: textsOf(fieldOf(metadata, "annotations")),
    isOwned: listOf(fieldOf(metadata, "ownerReferences")).length > 0,
  };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return (value ?? {}) as Readonly<Record<string, string>>;
}

async function read(requests: PersistentAsk, path: string, signal: AbortSignal): Promise<unknown> {
  const answer = await requests.ask({ method: "GET", path }, signal);
  if (answer.status !== 200) throw refusalOf(answer);
  return json(answer.body);
}
