/** `labstead users`: starts, stops and lists users' pods. The configuration names them, the caller's kubeconfig decides. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { UserPodsPlan } from "../../apps/user-pods/plan";
import { userPods } from "../../apps/user-pods/part";
import { ApiRefusal, NoAnswer } from "../../provider/apply-set/objects";
import {
  KubeconfigError,
  parseKubeconfig,
  type ClusterAccess,
} from "../../provider/kubernetes-api/kubeconfig";
import { textTable } from "../../review/table";
import { reasonOf, UserError } from "../shared/failure";
import { interrupted } from "../shared/interrupted";
import { partPlan } from "../shared/part-plan";
import { UserPodsApi } from "./api";
import { listPods, startPod, stopPod } from "./pods";
import { callerOf, checkGroup, groupOf, userOf, type PodOfUser } from "./target";

export interface UsersOptions {
  readonly uid?: string;
  readonly gid?: string;
  readonly namespace?: string;
  readonly kubeconfig?: string;
  /** Seconds. */
  readonly wait?: string;
}

export type UsersAction = "start" | "stop" | "list";

export async function runUsers(action: UsersAction, stack: string, options: UsersOptions): Promise<void> {
  const plan = planOf(stack, options);
  const api = new UserPodsApi(accessOf(options), plan.namespace, interrupted());
  try {
    console.log(await done(action, plan, api, options));
  } catch (error) {
    if (api.signal.aborted)
      throw new UserError("ended before the pod was ready or gone; what was asked for stays asked for");
    throw asProblem(error);
  }
}

/** What was done, for people. @throws UserError, ApiRefusal, NoAnswer */
export async function done(
  action: UsersAction,
  plan: UserPodsPlan,
  api: UserPodsApi,
  options: Pick<UsersOptions, "uid" | "gid" | "wait">,
): Promise<string> {
  const group = groupOf(plan, options.gid);
  if (action === "list") {
    const pods = await listPods(api, () => callerOf(plan, api));
    return table(plan, group === undefined ? pods : pods.filter(({ uid }) => group.includes(uid)));
  }
  const target = options.uid === undefined ? await callerOf(plan, api) : userOf(plan, options.uid);
  checkGroup(plan, target, options.gid);
  const waiting = { seconds: secondsOf(options.wait), progress: (text: string) => console.error(text) };
  return action === "start" ? startPod(api, target, waiting) : stopPod(api, target, waiting);
}

function table(plan: UserPodsPlan, pods: readonly PodOfUser[]): string {
  const names = new Map(plan.users.map(({ uid, name }) => [uid, name]));
  const rows = pods.map(({ uid, state }) => [`uid${uid}`, names.get(uid) ?? "not declared", state]);
  return textTable(`Pods of users in ${plan.namespace}`, ["pod", "user", "state"], rows).trimEnd();
}

/** @throws UserError for a stack without users' pods */
function planOf(stack: string, { namespace }: UsersOptions): UserPodsPlan {
  const plan = partPlan(stack, userPods) as UserPodsPlan | undefined;
  if (plan === undefined)
    throw new UserError(`${stack} has no pods of users: describe them under apps.${userPods.key}`);
  return namespace === undefined ? plan : { ...plan, namespace };
}

/** @throws UserError without a kubeconfig, or with one that cannot be read */
function accessOf({ kubeconfig }: UsersOptions): ClusterAccess {
  const [first = ""] = (process.env["KUBECONFIG"] ?? "").split(delimiter);
  const file = kubeconfig ?? (first === "" ? join(homedir(), ".kube", "config") : first);
  if (!existsSync(file))
    throw new UserError(`${file} does not exist: name your kubeconfig by --kubeconfig or $KUBECONFIG`);
  try {
    return parseKubeconfig(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof KubeconfigError) throw new UserError(`${file} ${error.message}`);
    throw error;
  }
}

function secondsOf(text = "300"): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400) return seconds;
  throw new UserError(`--wait ${text} is no number of seconds; write a whole number from 1 to 86400`);
}

function asProblem(error: unknown): unknown {
  if (error instanceof ApiRefusal) return new UserError(`the API server refuses it: ${error.message}`);
  if (error instanceof NoAnswer)
    return new UserError(
      `the cluster does not answer: ${reasonOf(error)}${error.check === undefined ? "" : `; check ${error.check}`}`,
    );
  return error;
}
