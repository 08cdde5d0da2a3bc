/** Which servers wait for others when they are replaced, as data. */
import type { InfraPlan } from "../environment/plan/infra-plan";
import type { RollingPoolPlan, ServerPlan } from "../environment/plan/types";
import { keys } from "./keys";

/**
 * By server, the servers that must be ready again before it is replaced: the previous one in its lane, or the last ones
 * of the previous pool.
 * @param inTurns servers that existed before; the others are new: they do not wait, and no server waits for them
 */
export function rollingPredecessors(
  pools: readonly RollingPoolPlan[],
  inTurns: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const predecessors = new Map<string, readonly string[]>();
  let before: readonly string[] = [];
  for (const { lanes } of pools) {
    const waiting = lanes
      .map((lane) => lane.filter((key) => inTurns.has(key)))
      .filter((lane) => lane.length > 0);
    for (const lane of waiting)
      lane.forEach((key, position) =>
        predecessors.set(key, position === 0 ? before : lane.slice(position - 1, position)),
      );
    if (waiting.length > 0) before = waiting.flatMap((lane) => lane.slice(-1));
  }
  return predecessors;
}

/**
 * Key of the first of a server's resources that a replacement changes: delaying it delays the server, its volumes'
 * attachments and its floating IP. Another planned address replaces the port underneath the server. A port with an
 * assigned address is never replaced for that, and other servers may need its address: it does not wait.
 */
export function firstReplacedKey(server: ServerPlan): string {
  return server.address.kind === "planned" ? keys.serverPort(server.key) : keys.server(server.key);
}

/** Keys of the resources that complete a replaced server. */
export function serverResourceKeys(server: ServerPlan, plan: InfraPlan): readonly string[] {
  const associations = plan.floatingIps.filter(
    ({ target }) => target.kind === "server" && target.server === server.key,
  );
  return [
    keys.server(server.key),
    ...server.volumes.map(keys.attachment),
    ...associations.map(({ key }) => keys.association(key)),
  ];
}

/** Inputs whose change replaces or restarts a server, so that it waits for others. */
export function rollingTriggers(server: ServerPlan): Readonly<Record<string, string | number>> {
  return {
    generation: server.generation,
    flavor: server.flavor,
    name: server.name,
    ...(server.availabilityZone === undefined ? {} : { availabilityZone: server.availabilityZone }),
    ...(server.address.kind === "planned" ? { address: server.address.ip } : {}),
  };
}
