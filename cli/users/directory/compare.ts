/** What the directory says of users, compared with the configuration. */
import { assertNever } from "../../../errors/assert-never";
import type { Found } from "./ldap";

/** A user of the configuration. */
export interface Declared {
  readonly name: string;
  /** Name in the directory. */
  readonly directoryName: string;
  readonly uid: number;
  readonly gid: number;
}

/** Why the directory has no usable person for a name; undefined where it has one. */
export function lookUpProblem(directoryName: string, found: Found): string | undefined {
  switch (found.kind) {
    case "person":
      return undefined;
    case "nobody":
      return `"${directoryName}" is in no entry of the directory; correct the name, or write another one as directoryName`;
    case "several":
      return `"${directoryName}" is in several entries, ${found.dns.join(" and ")}; narrow directory.base, or take another nameAttribute`;
    case "unusable":
      return `${found.dn} cannot be used: ${found.problem}`;
    default:
      return assertNever(found);
  }
}

/** How a declared user differs from the directory; undefined where they agree. */
export function difference({ directoryName, uid, gid }: Declared, found: Found): string | undefined {
  if (found.kind !== "person") return lookUpProblem(directoryName, found);
  const differing = [
    ...(found.uid === uid ? [] : [`UID ${String(uid)}, and the directory ${String(found.uid)}`]),
    ...(found.gid === gid ? [] : [`GID ${String(gid)}, and the directory ${String(found.gid)}`]),
  ];
  return differing.length === 0 ? undefined : `has ${differing.join("; ")} (${found.dn})`;
}
