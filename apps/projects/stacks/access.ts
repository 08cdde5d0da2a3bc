/** Who may open a page of a project. */
import type { ProjectsConfig } from "../configuration";

export type StackAccess =
  | { readonly kind: "public"; readonly reason: string }
  | { readonly kind: "signedIn"; readonly url: string; readonly signIn?: string };

/** The people of a project, and where they sign in. */
export interface ProjectPeople {
  readonly project: string;
  readonly groups: readonly string[];
  readonly auth: ProjectsConfig["auth"];
}

/** @param open why everybody may, if so */
export function accessOf(
  open: { readonly reason: string } | undefined,
  { auth, project, groups }: ProjectPeople,
): StackAccess {
  if (open !== undefined) return { kind: "public", reason: open.reason };
  const url = auth.url
    .replaceAll("{project}", project)
    .replaceAll("{groups}", groups.map(encodeURIComponent).join(","));
  return { kind: "signedIn", url, ...(auth.signIn === undefined ? {} : { signIn: auth.signIn }) };
}
