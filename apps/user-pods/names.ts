/** Names and labels of users' pods: those of SV's launcher. */
import type { Identity, Labels } from "../../kit/names";

/** The name of everything that belongs to one user: `uid1001`. */
export function nameOf({ uid }: { readonly uid: number }): string {
  return `uid${uid}`;
}

/** Label that all users' pods have, and no other pod of the namespace. */
export const USER_POD = { "hebi-role": "user-pod" } as const;

export function podLabels(uid: number): Labels {
  return { ...USER_POD, "hebi-user": String(uid) };
}

export function serviceLabels(uid: number): Labels {
  return { "hebi-role": "user-pod-expose", "hebi-user": String(uid) };
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
