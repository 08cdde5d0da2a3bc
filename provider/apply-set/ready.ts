/** Waits until the objects of a set are ready. */
import { setTimeout as pause } from "node:timers/promises";

import type { LongRequest, PlainMap } from "../../provider-protocol";
import type { SetTarget } from "./apply-object";
import { parseEntryKey } from "./entries";
import { notReadyMessage, SHOWN } from "./messages";
import { ApiRefusal } from "./objects";
import { inParallel } from "../../provider-protocol/parallel";
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
  const classes = new Classes(target);
  let open = keys.filter((key) => isAwaited(parseEntryKey(key)));
  for (;;) {
    const late = await lateObjects(target, classes, open);
    open = late.map(({ key }) => key);
    if (open.length === 0) return [];
    if (Date.now() >= until)
      return [notReadyMessage(await explained(target, late, SHOWN), keys.length, seconds)];
    const [[key, reason] = ["", ""]] = await explained(target, late, 1);
    request.log("info", `${open.length} not ready; ${key} ${reason}`, { status: true });
    await pause(BETWEEN_LOOKS, undefined, { signal: target.signal });
  }
}

/** An object that is not ready. */
interface Late {
  readonly key: string;
  readonly reason: string;
  /** Undefined if it is gone. */
  readonly object: PlainMap | undefined;
}

async function lateObjects(
  target: SetTarget,
  classes: Classes,
  keys: readonly string[],
): Promise<readonly Late[]> {
  const late: Late[] = [];
  await inParallel(keys, LOOKS, async (key) => {
    const object = await target.api.get(parseEntryKey(key), target.signal);
    const reason = object === undefined ? "is gone" : waitsFor(object);
    if (reason === undefined) return;
    if (object !== undefined && (await classes.waitForConsumer(object))) return;
    late.push({ key, reason, object });
  });
  return late;
}

/** Reasons by entry key. The pods of the first ones are asked: with thousands that would slow the cluster down. */
async function explained(
  target: SetTarget,
  late: readonly Late[],
  asked: number,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map(late.map(({ key, reason }) => [key, reason]));
  await inParallel(late.slice(0, asked), LOOKS, async ({ key, reason, object }) => {
    const pod = object === undefined ? undefined : await podReason(target, object);
    if (pod !== undefined) reasons.set(key, `${reason}: ${pod}`);
  });
  return reasons;
}

/** StorageClasses, each looked up once: how they bind never changes. */
class Classes {
  readonly #waiting = new Map<string, Promise<boolean>>();

  constructor(private readonly target: SetTarget) {}

  /** A claim whose class waits for the first pod counts as ready; without the right to read classes, it waits. */
  async waitForConsumer(object: PlainMap): Promise<boolean> {
    const name = textAt(object, "spec", "storageClassName");
    if (object["kind"] !== "PersistentVolumeClaim" || name === "") return false;
    const known = this.#waiting.get(name) ?? this.lookUp(name);
    this.#waiting.set(name, known);
    return known;
  }

  private async lookUp(name: string): Promise<boolean> {
    const { api, signal } = this.target;
    const ref = { group: "storage.k8s.io", kind: "StorageClass", namespace: "", name };
    const found = await api.get(ref, signal).catch((error: unknown) => {
      if (error instanceof ApiRefusal) return undefined;
      throw error;
    });
    return found?.["volumeBindingMode"] === "WaitForFirstConsumer";
  }
}
