/** Starting, stopping and listing: each may be repeated, and waits for a limited time. */
import { setTimeout as pause } from "node:timers/promises";
import { textAt, valueAt, waitsFor } from "../../provider/apply-set/readiness";
import type { PlainMap } from "../../provider-protocol";
import { UserError } from "../shared/failure";
import type { UserPodsApi } from "./api";
import { fixOf } from "./fixes";
import type { PodOfUser, Target } from "./target";

export interface Waiting {
  readonly seconds: number;
  /** Gets what a pod waits for, when that changes. */
  readonly progress: (text: string) => void;
  /** Milliseconds between two looks. @default 1000 */
  readonly between?: number;
}

/** @returns where the pod is reached. @throws UserError with the reason if it is not ready in time */
export async function startPod(api: UserPodsApi, target: Target, waiting: Waiting): Promise<string> {
  const { name, address } = target;
  const before = replicasOf(await existing(api, target));
  if (before === 0) await api.scale(name, 1);
  const reason = await lookUntil(api, waiting, async () => {
    const deployment = await existing(api, target);
    if (replicasOf(deployment) === 0)
      throw new UserError(`${name} was stopped by somebody else; start it again`);
    const waits = waitsFor(deployment);
    if (waits === undefined) return undefined;
    return `${waits}${detailOf(await api.reason(deployment))}`;
  });
  if (reason === undefined) return `${name} ${before === 0 ? "runs" : "was running"}: ${address}`;
  throw new UserError(
    `${name} is not ready after ${waiting.seconds} s: it ${reason}; ${fixOf(reason)}. It stays started: labstead users stop --uid ${target.uid} ends it`,
  );
}

/** @throws UserError if pods are left after the time */
export async function stopPod(api: UserPodsApi, target: Target, waiting: Waiting): Promise<string> {
  const { name, uid } = target;
  const before = replicasOf(await existing(api, target));
  if (before > 0) await api.scale(name, 0);
  const reason = await lookUntil(api, waiting, async () => {
    const pods = await api.pods(uid);
    return pods === 0 ? undefined : `has ${pods === 1 ? "a pod" : `${pods} pods`} left`;
  });
  if (reason === undefined) return `${name} ${before > 0 ? "is stopped" : "was stopped"}`;
  throw new UserError(
    `${name} still ${reason} after ${waiting.seconds} s; its node may be away: compare with kubectl -n ${api.namespace} get pods -l hebi-user=${uid} -o wide`,
  );
}

/** Those of everybody; of the caller alone, if the caller may see no others. */
export async function listPods(
  api: UserPodsApi,
  caller: () => Promise<Target>,
): Promise<readonly PodOfUser[]> {
  const all = (await api.list()) ?? [await existing(api, await caller())];
  return all
    .map((deployment) => ({
      uid: Number(textAt(deployment, "metadata", "name").replace(/^uid/, "")),
      state: stateOf(deployment),
    }))
    .sort((one, other) => one.uid - other.uid);
}

function stateOf(deployment: PlainMap): string {
  if (replicasOf(deployment) === 0) return "stopped";
  const waits = waitsFor(deployment);
  return waits === undefined ? "runs" : `starts: ${waits}`;
}

/** @returns what is still waited for when the time is over. */
async function lookUntil(
  { signal }: UserPodsApi,
  { seconds, progress, between = 1000 }: Waiting,
  look: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const until = Date.now() + seconds * 1000;
  let last = "";
  for (;;) {
    const reason = await look();
    if (reason === undefined || Date.now() >= until) return reason;
    if (reason !== last) progress(`waits: ${reason}`);
    last = reason;
    await pause(between, undefined, { signal });
  }
}

/** @throws UserError if the user has no Deployment */
async function existing(api: UserPodsApi, { name }: Target): Promise<PlainMap> {
  const deployment = await api.deployment(name);
  if (deployment !== undefined) return deployment;
  throw new UserError(
    `there is no ${name} in the namespace ${api.namespace}: bring the stack up, or name another one by --namespace`,
  );
}

/** Kubernetes writes 1 where a manifest has none. */
function replicasOf(deployment: PlainMap): number {
  const replicas = valueAt(deployment, "spec", "replicas");
  return typeof replicas === "number" ? replicas : 1;
}

function detailOf(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason}`;
}
