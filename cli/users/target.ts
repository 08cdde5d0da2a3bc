/** Whose pod a command is about. */
import type { PodUserPlan, UserPodsPlan } from "../../apps/user-pods/plan";
import { nameOf } from "../../apps/user-pods/names";
import { assertNever } from "../../errors/assert-never";
import { UserError } from "../shared/failure";
import type { UserPodsApi } from "./api";

/** A user's pod and where the user reaches it. */
export interface Target {
  readonly uid: number;
  /** Name of the Deployment. */
  readonly name: string;
  readonly address: string;
}

/** A pod of the namespace, as a list shows it. */
export interface PodOfUser {
  readonly uid: number;
  readonly state: string;
}

/** @throws UserError for a text that is no UID of a declared user */
export function userOf(plan: UserPodsPlan, text: string): Target {
  const user = plan.users.find(({ uid }) => String(uid) === text);
  if (user !== undefined) return targetOf(plan, user);
  throw new UserError(
    `--uid ${text} is the UID of no declared user; ${declaredText(plan)}, or declare the user under apps.userPods.users and bring the stack up`,
  );
}

/** The user whom the caller's kubeconfig is of. @throws UserError if that is none, or several */
export async function callerOf(plan: UserPodsPlan, api: UserPodsApi): Promise<Target> {
  const caller = await api.caller();
  const users = plan.users.filter(({ kubernetesUser }) => kubernetesUser === caller);
  const [user] = users;
  if (user === undefined)
    throw new UserError(
      `the kubeconfig is of "${caller}", who has no pod; name one by --uid (${declaredText(plan)}), or write the name as kubernetesUser of a user`,
    );
  if (users.length === 1) return targetOf(plan, user);
  throw new UserError(
    `the kubeconfig is of "${caller}", who has several pods; write --uid with one of ${users.map(({ uid }) => uid).join(", ")}`,
  );
}

/**
 * UIDs of the users of a primary group; undefined without one.
 * @throws UserError for a text that is no GID of a declared user
 */
export function groupOf({ users }: UserPodsPlan, gid: string | undefined): readonly number[] | undefined {
  if (gid === undefined) return undefined;
  const members = users.filter((user) => String(user.gid) === gid).map(({ uid }) => uid);
  if (members.length > 0) return members;
  const groups = [...new Set(users.map((user) => user.gid))].sort((one, other) => one - other);
  throw new UserError(
    `--gid ${gid} is the primary group of no declared user; the groups are ${groups.slice(0, SHOWN).join(", ")}${groups.length > SHOWN ? ` and ${groups.length - SHOWN} more` : ""}`,
  );
}

/** @throws UserError if the user's primary group is another one than was given */
export function checkGroup({ users }: UserPodsPlan, { uid }: Target, gid: string | undefined): void {
  const own = users.find((user) => user.uid === uid)?.gid;
  if (gid === undefined || String(own) === gid) return;
  throw new UserError(
    `the primary group of ${String(uid)} is ${String(own)} and not ${gid}, so nothing was changed; write --gid ${String(own)}, or leave it out`,
  );
}

/** So many are listed. */
const SHOWN = 10;

function declaredText({ users }: UserPodsPlan): string {
  if (users.length === 0) return "no user is declared";
  const more = users.length > SHOWN ? ` and ${users.length - SHOWN} more` : "";
  return `the users are ${users
    .slice(0, SHOWN)
    .map(({ name, uid }) => `${uid} (${name})`)
    .join(", ")}${more}`;
}

function targetOf(plan: UserPodsPlan, user: PodUserPlan): Target {
  return { uid: user.uid, name: nameOf(user), address: addressOf(plan, user) };
}

function addressOf({ ingress, gateway, namespace }: UserPodsPlan, user: PodUserPlan): string {
  switch (user.exposure.kind) {
    case "ingress":
      return `https://${ingress?.host ?? ""}${user.exposure.path}/`;
    case "gateway":
      return `https://${gateway?.host ?? ""}${user.exposure.path}/`;
    case "nodePort":
      return `port ${user.exposure.nodePort} of the cluster`;
    case "none":
      return `kubectl -n ${namespace} port-forward service/${nameOf(user)} 8080:80`;
    default:
      return assertNever(user.exposure);
  }
}
