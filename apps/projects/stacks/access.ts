/** Who may open a page of a project. */
import type { StackAccess, StackPlace } from "./plan";

/** @param open why everybody may, if so */
export function accessOf(
  open: { readonly reason: string } | undefined,
  { auth, project, groups }: Pick<StackPlace, "auth" | "project" | "groups">,
): StackAccess {
  if (open !== undefined) return { kind: "public", reason: open.reason };
  const url = auth.url
    .replaceAll("{project}", project)
    .replaceAll("{groups}", groups.map(encodeURIComponent).join(","));
  return { kind: "signedIn", url, ...(auth.signIn === undefined ? {} : { signIn: auth.signIn }) };
}
