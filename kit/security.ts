/**
 * Pod security. Every container runs under the "restricted" Pod Security Standard with a read-only root file system.
 * Whatever else an image requires is a typed exception with its reason; it is set as an annotation of the pod, and
 * determines which level a namespace can enforce.
 */
import type { k8s } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";
import type { Spelling } from "./spelling";

/** From the strictest to the most permissive. */
export type PodSecurityLevel = (typeof LEVELS)[number];
const LEVELS = ["restricted", "baseline", "privileged"] as const;

/**
 * What an exception allows.
 * - `writableRootFilesystem`: the image writes where no volume can be mounted. Still "restricted".
 * - `netBindService`: its executable has this file capability and does not start without it. Still "restricted".
 * - `shareProcessNamespace`: the containers of the pod see each other's processes, and through them files and
 *   environment variables. Still "restricted".
 * - `rootUser`: it starts as uid 0. "baseline".
 * - `hostPath`: the pod mounts folders of its node. "privileged".
 * - `hostNetwork`: the pod uses its node's network, with everything that listens on loopback there. "privileged".
 * - `hostPid`: the pod sees all processes of its node. "privileged".
 * - `privileged`: it is root on its node, with every device and capability; includes all access to the host.
 */
export type SecurityAllowance =
  | "writableRootFilesystem"
  | "netBindService"
  | "shareProcessNamespace"
  | "rootUser"
  | "hostPath"
  | "hostNetwork"
  | "hostPid"
  | "privileged";

/** In addition to NET_BIND_SERVICE, those that level "baseline" admits: a container runtime's default set. */
const BASELINE_CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
] as const;

/** Linux capabilities as Kubernetes spells them. Those that no level lists require "privileged". */
export type Capability =
  | "NET_BIND_SERVICE"
  | (typeof BASELINE_CAPABILITIES)[number]
  | "DAC_READ_SEARCH"
  | "IPC_LOCK"
  | "NET_ADMIN"
  | "NET_RAW"
  | "SYS_ADMIN"
  | "SYS_NICE"
  | "SYS_PTRACE"
  | "SYS_RESOURCE"
  | "SYS_TIME";

/** What a container may do beyond the security profile, with the reason. */
export interface SecurityException {
  /** Why the image needs it, for reviewers of the namespace. */
  readonly reason: string;
  readonly allow: readonly SecurityAllowance[];
  /** Added after all others are dropped. @default none */
  readonly capabilities?: readonly Capability[];
}

/** The user that runs the processes of a container. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The user `nobody` of most images. */
export const NOBODY: User = { uid: 65534, gid: 65534 };

/** A user, or `"image"`: the image's own user, for images whose files belong to it. */
export type ContainerUser = User | "image";

/**
 * A container's security context.
 * @throws Error if user and exception contradict each other
 */
export function securityContext(
  container: string,
  user: ContainerUser,
  exception: SecurityException | undefined,
  spelling: Spelling,
): k8s.SecurityContext {
  const allowed = new Set(exception?.allow);
  if (exception !== undefined && allowed.size === 0 && exception.capabilities === undefined) {
    throw new Error(`${container}: its exception allows nothing; name what it opens, or leave it out`);
  }
  if (user !== "image" && user.uid === 0 && !allowed.has("rootUser")) {
    throw new Error(`${container}: runs as uid 0; allow "rootUser" with the reason, or name another user`);
  }
  const context = {
    ...(user === "image" ? {} : { runAsUser: user.uid, runAsGroup: user.gid }),
    ...nonRoot(!allowed.has("rootUser"), spelling),
  };
  const readOnly = !allowed.has("writableRootFilesystem");
  if (!allowed.has("privileged")) {
    return {
      ...context,
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: readOnly,
      capabilities: capabilities(exception),
    };
  }
  if (exception?.capabilities !== undefined) {
    throw new Error(`${container}: "privileged" has every capability; leave out "capabilities"`);
  }
  // Restrictions have no effect here, and the API server refuses some of them.
  return { ...context, privileged: true, ...(readOnly ? { readOnlyRootFilesystem: true } : {}) };
}

function nonRoot(runAsNonRoot: boolean, spelling: Spelling): { runAsNonRoot?: boolean } {
  return runAsNonRoot || spelling === "full" ? { runAsNonRoot } : {};
}

function capabilities(exception?: SecurityException): k8s.Capabilities {
  const bind = exception?.allow.includes("netBindService") === true ? ["NET_BIND_SERVICE" as const] : [];
  const add = [...new Set([...bind, ...(exception?.capabilities ?? [])])].sort();
  return { drop: ["ALL"], ...(add.length === 0 ? {} : { add }) };
}

/**
 * The level that a namespace enforces; it also warns and audits by `restricted`. Not at "privileged": everything there
 * exceeds `restricted`, and a warning at each change would be ignored.
 * @param version minor version of Kubernetes whose definition of the levels holds, so that an upgraded API server does
 * not refuse pods that ran before: `1.36`. @default the API server's own
 */
export function podSecurityLabels(
  enforce: PodSecurityLevel,
  version?: string,
): Readonly<Record<string, string>> {
  const levels = {
    [ENFORCED_LEVEL]: enforce,
    ...(enforce === "privileged"
      ? {}
      : {
          "pod-security.kubernetes.io/warn": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
        }),
  };
  if (version === undefined) return levels;
  const pinned = Object.keys(levels).map((label) => [`${label}-version`, `v${version}`]);
  return { ...levels, ...(Object.fromEntries(pinned) as Record<string, string>) };
}

/** Label by which the API server enforces a level on the pods of a namespace. */
export const ENFORCED_LEVEL = "pod-security.kubernetes.io/enforce";

/** The strictest level at which containers with these exceptions are admitted. */
export function securityLevel(exceptions: readonly SecurityException[]): PodSecurityLevel {
  return commonLevel(
    exceptions.flatMap(({ allow, capabilities: added = [] }) => [
      ...allow.map(levelOf),
      ...added.map(capabilityLevel),
    ]),
  );
}

/** The strictest level that admits everything that each of these admits; "restricted" for none. */
export function commonLevel(levels: readonly PodSecurityLevel[]): PodSecurityLevel {
  return LEVELS[Math.max(0, ...levels.map(rank))] ?? "restricted";
}

function rank(level: PodSecurityLevel): number {
  return LEVELS.indexOf(level);
}

function levelOf(allowance: SecurityAllowance): PodSecurityLevel {
  switch (allowance) {
    case "writableRootFilesystem":
    case "netBindService":
    case "shareProcessNamespace":
      return "restricted";
    case "rootUser":
      return "baseline";
    case "hostPath":
    case "hostNetwork":
    case "hostPid":
    case "privileged":
      return "privileged";
    default:
      return assertNever(allowance);
  }
}

function capabilityLevel(capability: Capability): PodSecurityLevel {
  if (capability === "NET_BIND_SERVICE") return "restricted";
  return (BASELINE_CAPABILITIES as readonly string[]).includes(capability) ? "baseline" : "privileged";
}

/**
 * The annotation's text: `netBindService, writableRootFilesystem: <reason>`. It lists only those capabilities that
 * exceed the level of the allowances.
 */
export function describeException({ allow, capabilities: added = [], reason }: SecurityException): string {
  const level = commonLevel(allow.map(levelOf));
  const beyond = added.filter(
    (capability) => level === "restricted" || rank(capabilityLevel(capability)) > rank(level),
  );
  return `${[...[...allow].sort(), ...[...beyond].sort()].join(", ")}: ${reason}`;
}
