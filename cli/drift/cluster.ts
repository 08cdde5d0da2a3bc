/** Reads the declared objects of a cluster and lists the others. */
import { isJsonObject, type JsonObject, type Manifest } from "../../deploy/manifest";
import type { PlannedObject } from "../../deploy/plan";
import { groupKindText, manifestKey, parseEntryKey, type GroupKind } from "../../provider/apply-set/entries";
import type { ClusterObjects } from "../../provider/apply-set/objects";
import { ApiRefusal } from "../../provider/apply-set/objects";
import { inParallel } from "../../provider-protocol/parallel";
import { refreshed } from "../../provider/apply-set/refresh";
import { CHANGED } from "../../provider/apply-set/state";
import { listCluster, type RefusedList } from "../../provider/kubernetes-api/http-listing";
import { CONNECTIONS, httpClusters } from "../../provider/kubernetes-api/http-objects";
import type { ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { PersistentAsk, type Patience } from "../../provider/kubernetes-api/persistent-ask";
import type { PlainMap } from "../../provider-protocol";
import { objectDifferences } from "../../review/drift/object-differences";
import {
  comparedObjects,
  undeclaredObjects,
  type ClusterFacts,
  type DeclaredObject,
  type FoundObject,
  type ObjectDrift,
} from "../../review/drift/objects";
import { findValues } from "../../values";
import { keysIn, type Declared } from "./declared";

export interface ClusterQuestion {
  readonly access: ClusterAccess;
  readonly declared: Declared;
  /** Objects as the files say them: for the manifests of sets, and for fields that belong to somebody else. */
  readonly planned: readonly PlannedObject[];
  readonly facts: Omit<ClusterFacts, "namespaces" | "kept">;
  readonly signal: AbortSignal;
}

export interface ClusterDrift {
  readonly drift: readonly ObjectDrift[];
  readonly compared: number;
  readonly known: ReadonlyMap<string, number>;
  /** Kinds of the stack that the user may not list, with the namespace. */
  readonly refused: readonly string[];
}

/** A cluster that does not answer is given up sooner than in an `up`, which would lose more; milliseconds. */
const PATIENCE: Patience = { oneRequest: 30_000, altogether: 15_000, firstPause: 200, longestPause: 5_000 };

/** Never written: for requests that change nothing. */
const DRY_RUN_MANAGER = "labstead-drift";

/** Key of a secret in an exported state. Source: Pulumi's `resource.SigKey`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** @throws ApiRefusal or NoAnswer */
export async function clusterDrift(question: ClusterQuestion): Promise<ClusterDrift> {
  const { access, declared, facts, signal } = question;
  const api = httpClusters(CONNECTIONS, PATIENCE)(access);
  const keys = new Set(keysIn(declared));
  const namespaces = namespacesOf(keys);
  const listing = await listCluster(new PersistentAsk(access, CONNECTIONS, PATIENCE), namespaces, signal);
  const objects = declaredObjects(question);
  const found = new Map([
    ...(await foundInSets(api, question, objects)),
    ...(await foundObjects(api, [...declared.objects.keys()], objects, signal)),
  ]);
  const kept = new Set(declared.sets.flatMap(({ state }) => state.kept));
  const own = new Set(
    [...keys].map(parseEntryKey).flatMap(({ kind, name }) => (kind === "Namespace" ? [name] : [])),
  );
  const rest = undeclaredObjects(listing.objects, keys, { ...facts, namespaces: own, kept });
  return {
    drift: [...comparedObjects([...objects.values()], found, isHidden), ...rest.undeclared],
    compared: keys.size,
    known: rest.known,
    refused: refusedOf(keys, listing.refused),
  };
}

/** A limited user, such as a tenant, need not see what its stack has nothing of. */
function refusedOf(keys: Iterable<string>, refused: readonly RefusedList[]): readonly string[] {
  const placeOf = ({ namespace }: { readonly namespace: string }, kind: GroupKind): string =>
    `${groupKindText(kind)}${namespace === "" ? "" : ` in ${namespace}`}`;
  const own = new Set([...keys].map(parseEntryKey).map((ref) => placeOf(ref, ref)));
  return refused
    .map((each) => placeOf(each, each.kind))
    .filter((place) => own.has(place))
    .sort();
}

/** A secret of the state, or a value that is bound at `up`. */
export function isHidden(value: unknown): boolean {
  if (typeof value === "string") return findValues(value).length > 0;
  return isJsonObject(value) && SIGNATURE in value;
}

function namespacesOf(keys: Iterable<string>): readonly string[] {
  const all = [...keys].map((key) => parseEntryKey(key).namespace);
  return [...new Set(all)].filter((namespace) => namespace !== "");
}

function declaredObjects({ declared, planned }: ClusterQuestion): ReadonlyMap<string, DeclaredObject> {
  const plans = new Map(planned.map((each) => [manifestKey(each.manifest), each]));
  return new Map(
    keysIn(declared).map((key) => {
      const plan = plans.get(key);
      const manifest = manifestOf(declared.objects.get(key), plan?.manifest);
      const initialOnly = plan?.options.ignoreChanges ?? [];
      return [key, { key, initialOnly, ...(manifest === undefined ? {} : { manifest }) }];
    }),
  );
}

/** The state encrypts a Secret as a whole: its keys are those of the files. */
function manifestOf(state: JsonObject | undefined, plan: Manifest | undefined): JsonObject | undefined {
  if (state === undefined) return plan;
  if (plan?.kind !== "Secret") return state;
  const { data, stringData } = plan;
  return {
    ...state,
    ...(data === undefined ? {} : { data }),
    ...(stringData === undefined ? {} : { stringData }),
  };
}

/** A set's own record says which of its objects somebody changed; only those are read as a whole. */
async function foundInSets(
  api: ClusterObjects,
  { declared, signal }: ClusterQuestion,
  objects: ReadonlyMap<string, DeclaredObject>,
): Promise<ReadonlyMap<string, FoundObject>> {
  const found = new Map<string, FoundObject>();
  const changed: string[] = [];
  for (const { set, state } of declared.sets) {
    const target = { api, set, conflicts: "refuse", takesOver: [], initialOnly: new Map(), signal } as const;
    const { applied } = await refreshed(target, state);
    for (const key of state.applied.keys()) {
      const is = applied.get(key);
      if (is?.digest === CHANGED) changed.push(key);
      else found.set(key, { kind: is === undefined ? "missing" : "same" });
    }
  }
  const read = await foundObjects(api, changed, objects, signal);
  for (const [key, each] of read) found.set(key, each.kind === "live" ? { ...each, isChanged: true } : each);
  return found;
}

async function foundObjects(
  api: ClusterObjects,
  keys: readonly string[],
  objects: ReadonlyMap<string, DeclaredObject>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FoundObject>> {
  const found = new Map<string, FoundObject>();
  await inParallel(keys, CONNECTIONS, async (key) => {
    const live = await api.get(parseEntryKey(key), signal);
    const declared = objects.get(key);
    if (live === undefined || isLeaving(live)) found.set(key, { kind: "missing" });
    else {
      const expected = await spelled(api, declared, live, signal);
      found.set(key, {
        kind: "live",
        live,
        isChanged: false,
        ...(expected === undefined ? {} : { expected }),
      });
    }
  });
  return found;
}

function isLeaving({ metadata }: JsonObject): boolean {
  return isJsonObject(metadata) && metadata["deletionTimestamp"] !== undefined;
}

/**
 * The declared object as the API server would write it, by a request that changes nothing: only for what seems to
 * differ. Undefined if nothing does, or the server does not say it.
 */
async function spelled(
  api: ClusterObjects,
  declared: DeclaredObject | undefined,
  live: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  if (declared?.manifest === undefined) return undefined;
  const { manifest, initialOnly } = declared;
  if (objectDifferences({ declared: manifest, live, initialOnly }, isHidden).length === 0) return undefined;
  try {
    const known = withoutHidden(manifest) as PlainMap;
    return await api.dryRun(known, { manager: DRY_RUN_MANAGER, force: true, signal });
  } catch (error) {
    if (error instanceof ApiRefusal) return undefined;
    throw error;
  }
}

function withoutHidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHidden);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      isHidden(each) || each === null ? [] : [[name, withoutHidden(each)]],
    ),
  );
}
