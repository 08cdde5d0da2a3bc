/** Names and labels of users' pods: those of SV's launcher. */
import type { Identity, Labels } from "../../kit/names";

/** The name of everything that belongs to one user: `uid1001`. */
export function nameOf({ uid }: { readonly uid: number }): string {
  return `uid${uid}`;
}

/** Label that all users' pods have, and no other pod of the namespace. */
export const USER_POD = { "hebi-role": "user-pod" } as const;

/** Label with the UID of the pod's user. */
export const UID_LABEL = "hebi-user";

export function podLabels(uid: number): Labels {
  return { ...USER_POD, [UID_LABEL]: String(uid) };
}

export function serviceLabels(uid: number): Labels {
  return { "hebi-role": "user-pod-expose", [UID_LABEL]: String(uid) };
}

/** Port of the Service in front of a pod. */
export const SERVICE_PORT = 80;

export function identityOf(
  { environment }: { readonly environment: string },
  name: string,
  component: string,
): Identity {
  return { name, partOf: "user-pods", component, environment };
}
