/** The order in which servers are replaced: which are replaced together, which wait for others. */
import { assertNever } from "../../errors/assert-never";
import type { ServersEnvironmentConfig, ServerRole } from "../config";
import { workerPool } from "./slots";
import type { RollingPoolPlan, ServerPlan } from "./types";

/**
 * Pools are rolled one after the other, so that no two roles lack a server at the same time. The control plane comes
 * first: no node may be newer than its API server (Kubernetes' version skew policy). The server that gives access to
 * all others is last, so that a tunnel or VPN stays up until the rest is done.
 */
const ROLES: readonly ServerRole[] = [
  "controlPlane",
  "workers",
  "gluster",
  "nfs",
  "applicationServers",
  "desktops",
  "loadBalancer",
  "gateway",
  "bastion",
];

/**
 * Every server once, in the lanes of its pool: lanes are rolled at the same time, the servers of a lane one after the
 * other. Lanes are not stored, so adding or removing servers does not move others.
 */
export function rollingPlan(
  servers: readonly ServerPlan[],
  config: ServersEnvironmentConfig,
): readonly RollingPoolPlan[] {
  const pools = [...new Set(servers.map((each) => each.pool))].map((pool) =>
    servers.filter((each) => each.pool === pool),
  );
  return pools
    .map((members) => ({ place: ROLES.indexOf(roleOf(members)), members }))
    .sort((one, other) => one.place - other.place)
    .map(({ members }) => poolPlan(members, config));
}

function poolPlan(members: readonly ServerPlan[], config: ServersEnvironmentConfig): RollingPoolPlan {
  const [first] = members;
  const pool = first?.pool ?? "";
  const atOnce = Math.min(atMostUnavailable(roleOf(members), pool, config), members.length);
  const lanes = Array.from({ length: atOnce }, (_, lane) =>
    members.filter((__, position) => position % atOnce === lane).map((each) => each.key),
  );
  return { pool, lanes };
}

/**
 * Only workers may be replaced several at once: all other roles have a quorum, an address or a disk that needs the
 * others.
 */
function atMostUnavailable(role: ServerRole, pool: string, config: ServersEnvironmentConfig): number {
  if (role !== "workers" || !("workers" in config.servers)) return 1;
  return workerPool(config.servers, pool)?.maxUnavailable ?? 1;
}

function roleOf([first]: readonly ServerPlan[]): ServerRole {
  if (first === undefined) throw new Error("a pool without servers is not rolled");
  return first.role;
}

/** Whether a role's servers are nodes of the Kubernetes cluster; their node's name is the server's. */
export function isNodeRole(role: ServerRole): boolean {
  switch (role) {
    case "controlPlane":
    case "workers":
      return true;
    case "bastion":
    case "gateway":
    case "loadBalancer":
    case "gluster":
    case "nfs":
    case "applicationServers":
    case "desktops":
      return false;
    default:
      return assertNever(role);
  }
}
