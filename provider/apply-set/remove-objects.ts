/**
 * Deletes the objects that leave a set: in reverse order, each step when the one before is gone, and each object only if
 * it is still the one that the set applied.
 */
import type { LongRequest } from "../../provider-protocol";
import type { SetTarget } from "./apply-object";
import { entryKey } from "./entries";
import { PART_OF, setId } from "./identity";
import { ApiRefusal } from "./objects";
import { deleteSteps } from "./order";
import { inParallel } from "../../provider-protocol/parallel";
import { Progress } from "./progress";
import type { Leaving } from "./prune";

export interface Removal {
  /** Why an object was not deleted, by entry key. */
  readonly failures: ReadonlyMap<string, string>;
  /** Objects that were kept because they no longer belong to the set, with the reason, by entry key. */
  readonly left: ReadonlyMap<string, string>;
}

/** What is deleted, and how. */
export interface Removing {
  readonly leaving: readonly Leaving[];
  readonly parallel: number;
  /** Workloads go after their pods, which may need accounts, rights and a network until their end. */
  readonly afterPods: boolean;
  /** Waits until deleted objects, by their UIDs, are gone. */
  readonly gone: (deleted: ReadonlySet<string>) => Promise<void>;
}

/**
 * @param removed receives each entry key that is no longer in the cluster, or no longer in the set
 * @throws NoAnswer
 */
export async function removeObjects(
  request: LongRequest,
  target: SetTarget,
  { leaving, parallel, afterPods, gone }: Removing,
  removed: (key: string) => void,
): Promise<Removal> {
  const failures = new Map<string, string>();
  const left = new Map<string, string>();
  const progress = new Progress(request, "deleted", leaving.length);
  for (const step of deleteSteps(leaving)) {
    const deleted = new Set<string>();
    await inParallel(step, parallel, async (object) => {
      const key = entryKey(object);
      target.signal.throwIfAborted();
      try {
        const reason = await removeOne(target, object, { deleted, afterPods });
        if (reason !== undefined) left.set(key, reason);
        removed(key);
      } catch (error) {
        if (!(error instanceof ApiRefusal)) throw error;
        failures.set(key, error.message);
      }
      progress.done();
    });
    await gone(deleted);
  }
  return { failures, left };
}

/** Why it was kept; undefined if it is deleted. */
async function removeOne(
  { api, set, signal }: SetTarget,
  object: Leaving,
  { deleted, afterPods }: { readonly deleted: Set<string>; readonly afterPods: boolean },
): Promise<string | undefined> {
  if (!object.listed) {
    const live = await api.find(object, signal);
    if (live === undefined) return undefined;
    const owner = live.labels[PART_OF];
    if (owner !== undefined && owner !== setId(set)) return "another set has taken it over";
  }
  const deletion = await api.delete(object, object.uid, signal, afterPods);
  if (deletion === "another") return "somebody has made another object of this name";
  if (deletion === "deleted") deleted.add(object.uid);
  return undefined;
}
