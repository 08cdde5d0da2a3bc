/** Applies one object of a set. */
import { setTimeout as pause } from "node:timers/promises";

import type { PlainMap } from "../../provider-protocol";
import { entryKey, refOf } from "./entries";
import type { ObjectRef } from "./entries";
import { fieldManager, member } from "./identity";
import type { SetIdentity } from "./identity";
import { withLiveFields } from "./initial-fields";
import { conflictMessage } from "./messages";
import { ApiRefusal } from "./objects";
import type { ApplyOptions, ClusterObjects, FieldConflict, LiveObject } from "./objects";

export const CONFLICT_POLICIES = ["refuse", "overwrite"] as const;
/** What happens with a field that another manager has set to another value. */
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** How a set applies objects. */
export interface SetTarget {
  readonly api: ClusterObjects;
  readonly set: SetIdentity;
  readonly conflicts: ConflictPolicy;
  /** Name prefixes of managers whose fields this set takes over. */
  readonly takesOver: readonly string[];
  /** Paths of fields that are set only when an object is created, by entry key. */
  readonly initialOnly: ReadonlyMap<string, readonly string[]>;
  readonly signal: AbortSignal;
}

/** How long an object that is being deleted may take to disappear, and how often it is checked; milliseconds. */
const GOES_WITHIN = 60_000;
const BETWEEN_LOOKS = 250;

/** @throws ApiRefusal or NoAnswer */
export async function applyObject(target: SetTarget, manifest: PlainMap): Promise<LiveObject> {
  const wanted = await wantedObject(target, manifest);
  let live = await applyOnce(target, wanted);
  if (live.terminating) {
    // Applied fields would be deleted with it.
    await gone(target, live);
    live = await applyOnce(target, wanted);
  }
  for (const manager of live.managers)
    if (isTakenOver(target, manager)) live = await release(target, manifest, manager);
  return live;
}

/** As a member of the set, with the live values of fields that are set only at creation. */
async function wantedObject(
  { api, set, initialOnly, signal }: SetTarget,
  manifest: PlainMap,
): Promise<PlainMap> {
  const ref = refOf(manifest);
  const paths = ref === undefined ? undefined : initialOnly.get(entryKey(ref));
  const live = ref === undefined || paths === undefined ? undefined : await api.get(ref, signal);
  return member(live === undefined ? manifest : withLiveFields(manifest, live, paths ?? []), set);
}

/** The complete resulting object. @throws ApiRefusal or NoAnswer */
export async function applyObjectDry(target: SetTarget, manifest: PlainMap): Promise<PlainMap> {
  const wanted = await wantedObject(target, manifest);
  return forcedWhereTakenOver(target, (options) => target.api.dryRun(wanted, options));
}

function applyOnce(target: SetTarget, wanted: PlainMap): Promise<LiveObject> {
  return forcedWhereTakenOver(target, (options) => target.api.apply(wanted, options));
}

/** Fields of others are not taken over, unless all of them belong to managers that the set takes over. */
async function forcedWhereTakenOver<Result>(
  target: SetTarget,
  apply: (options: ApplyOptions) => Promise<Result>,
): Promise<Result> {
  const { set, conflicts, signal } = target;
  const manager = fieldManager(set);
  try {
    return await apply({ manager, force: conflicts === "overwrite", signal });
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.conflicts.length === 0) throw error;
    const others = error.conflicts.filter((conflict) => !isTakenOver(target, conflict.manager));
    if (others.length > 0) throw refusedBy(error, others);
    return apply({ manager, force: true, signal });
  }
}

function isTakenOver({ set, takesOver }: SetTarget, manager: string): boolean {
  return manager !== fieldManager(set) && takesOver.some((beginning) => manager.startsWith(beginning));
}

function refusedBy({ status, reason }: ApiRefusal, conflicts: readonly FieldConflict[]): ApiRefusal {
  return new ApiRefusal(status, reason, conflictMessage(conflicts), conflicts);
}

/** A manager that applies nothing owns nothing: its own fields are removed, those that this set also applies stay. */
function release({ api, signal }: SetTarget, manifest: PlainMap, manager: string): Promise<LiveObject> {
  const { apiVersion = null, kind = null } = manifest;
  const { namespace = "", name = "" }: Partial<ObjectRef> = refOf(manifest) ?? {};
  const metadata = namespace === "" ? { name } : { namespace, name };
  return api.apply({ apiVersion, kind, metadata }, { manager, force: false, signal });
}

async function gone({ api, signal }: SetTarget, live: LiveObject): Promise<void> {
  const until = Date.now() + GOES_WITHIN;
  for (;;) {
    const found = await api.find(live, signal);
    if (found?.uid !== live.uid) return;
    if (Date.now() >= until)
      throw new ApiRefusal(
        409,
        "Terminating",
        `is being deleted by somebody else for more than ${GOES_WITHIN / 1000} s; see its metadata.finalizers, then run up again`,
      );
    await pause(BETWEEN_LOOKS, undefined, { signal });
  }
}
