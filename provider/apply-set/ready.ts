/** Waits until the objects of a set are ready. */
import { setTimeout as pause } from "node:timers/promises";

import type { LongRequest, PlainMap } from "../../provider-protocol";
import type { SetTarget } from "./apply-object";
import { parseEntryKey } from "./entries";
import { notReadyMessage } from "./messages";
import { ApiRefusal } from "./objects";
import { inParallel } from "./parallel";
import { podReason } from "./pod-reason";
import { isAwaited, textAt, waitsFor } from "./readiness";

/** Concurrent checks, and milliseconds between two checks. */
const LOOKS = 8;
const BETWEEN_LOOKS = 2_000;

export interface Awaited {
  /** Entry keys. */
  readonly keys: readonly string[];
  /** Seconds that an object may take. */
  readonly seconds: number;
}

/**
 * @returns one message about all objects that are not ready in time; none if all are
 * @throws NoAnswer, or the reason of the abortion
 */
export async function notReady(
  request: LongRequest,
  target: SetTarget,
  { keys, seconds }: Awaited,
): Promise<readonly string[]> {
  const until = Date.now() + seconds * 1000;
  let open = keys.filter((key) => isAwaited(parseEntryKey(key)));
  for (;;) {
    const reasons = await reasonsOf(target, open);
    open = [...reasons.keys()];
    if (open.length === 0) return [];
    if (Date.now() >= until) return [notReadyMessage(reasons, keys.length, seconds)];
    const [[key, reason] = ["", ""]] = reasons;
    request.log("info", `${open.length} not ready; ${key} ${reason}`, { status: true });
    await pause(BETWEEN_LOOKS, undefined, { signal: target.signal });
  }
}

/** Why objects are not ready, by entry key; without the ready ones. */
async function reasonsOf(target: SetTarget, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  await inParallel(keys, LOOKS, async (key) => {
    const object = await target.api.get(parseEntryKey(key), target.signal);
    const reason = object === undefined ? "is gone" : await reasonOf(target, object);
    if (reason !== undefined) reasons.set(key, reason);
  });
  return reasons;
}

async function reasonOf(target: SetTarget, object: PlainMap): Promise<string | undefined> {
  const reason = waitsFor(object);
  if (reason === undefined) return undefined;
  if (await waitsForConsumer(target, object)) return undefined;
  const pod = await podReason(target, object);
  return pod === undefined ? reason : `${reason}: ${pod}`;
}

/** A claim whose class waits for the first pod counts as ready; without the right to read classes, it waits. */
async function waitsForConsumer({ api, signal }: SetTarget, object: PlainMap): Promise<boolean> {
  const name = textAt(object, "spec", "storageClassName");
  if (object["kind"] !== "PersistentVolumeClaim" || name === "") return false;
  const ref = { group: "storage.k8s.io", kind: "StorageClass", namespace: "", name };
  const found = await api.get(ref, signal).catch((error: unknown) => {
    if (error instanceof ApiRefusal) return undefined;
    throw error;
  });
  return found?.["volumeBindingMode"] === "WaitForFirstConsumer";
}
