/**
 * Pod security. Every container runs by the "restricted" Pod Security Standard with a read-only root file system.
 * What an image cannot do without is a typed exception with its reason; it shows as an annotation of the pod, and
 * it decides which level a namespace can enforce.
 */
import type { ContainerSecurityContextProps } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";

export type PodSecurityLevel = "restricted" | "baseline";

/**
 * What an exception opens.
 * - `writableRootFilesystem`: the image writes where no volume can be laid. Still "restricted".
 * - `netBindService`: its executable carries this file capability and does not start without it. Still "restricted".
 * - `rootUser`: it starts as uid 0. "baseline".
 */
export type SecurityAllowance = "writableRootFilesystem" | "netBindService" | "rootUser";

export interface SecurityException {
  readonly reason: string;
  readonly allow: readonly SecurityAllowance[];
}

/** Whom the processes of a container run as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The user `nobody` of most images. */
export const NOBODY: User = { uid: 65534, gid: 65534 };

export function securityContext(user: User, exception?: SecurityException): ContainerSecurityContextProps {
  const allowed = new Set(exception?.allow);
  return {
    user: user.uid,
    group: user.gid,
    ensureNonRoot: !allowed.has("rootUser"),
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: !allowed.has("writableRootFilesystem"),
  };
}

/** As the API spells them; the library knows no ALL, and writes the others with a prefix that "restricted" refuses. */
export function capabilities(exception?: SecurityException): {
  readonly drop: readonly string[];
  readonly add?: readonly string[];
} {
  const add = exception?.allow.includes("netBindService") === true ? { add: ["NET_BIND_SERVICE"] } : {};
  return { drop: ["ALL"], ...add };
}

/** What a namespace enforces; `restricted` is warned about and audited in any case. */
export function podSecurityLabels(enforce: PodSecurityLevel): Readonly<Record<string, string>> {
  return {
    [ENFORCED_LEVEL]: enforce,
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
  };
}

/** Label by which the API server holds the pods of a namespace to a level. */
export const ENFORCED_LEVEL = "pod-security.kubernetes.io/enforce";

/** The strictest level at which containers with these exceptions are admitted. */
export function securityLevel(exceptions: readonly SecurityException[]): PodSecurityLevel {
  const levels = exceptions.flatMap(({ allow }) => allow.map(levelOf));
  return levels.includes("baseline") ? "baseline" : "restricted";
}

function levelOf(allowance: SecurityAllowance): PodSecurityLevel {
  switch (allowance) {
    case "writableRootFilesystem":
    case "netBindService":
      return "restricted";
    case "rootUser":
      return "baseline";
    default:
      return assertNever(allowance);
  }
}

/** As the annotation says it: `netBindService, writableRootFilesystem: <reason>`. */
export function describeException({ allow, reason }: SecurityException): string {
  return `${[...allow].sort().join(", ")}: ${reason}`;
}
