/** How this stack replaces servers: in turns, each with its gate. */
import * as pulumi from "@pulumi/pulumi";
import { isNodeRole } from "../environment/plan/rolling";
import type { EnvironmentPlan } from "../environment/plan/types";
import type { GateParts, Rolling } from "../infra/register-rolling";
import { rolledFor } from "../infra/rolling";
import { Rollout, ServerReady, type ApiRoute, type LabsteadProvider } from "../provider/sdk";
import type { EtcdSeats } from "./etcd";
import type { Pushes } from "./machines";
import { under, type Placed } from "./parent";

/** How gates come to the cluster, and who else has to be waited for. */
export interface NodeLink extends Placed {
  readonly provider: LabsteadProvider;
  /** Known once the infrastructure is registered, which the gates are a part of. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly cluster: string;
  readonly how: ApiRoute;
  /** Whether servers make themselves nodes; nobody waits for nodes that others make. */
  readonly formedByServers: boolean;
  /** Who is in etcd, which gates behind control planes need to know. @default nobody is waited for */
  readonly etcd?: EtcdSeats;
  /** What is pushed to a server, which is back only then. @default nothing */
  readonly pushes?: Pushes;
  /** Seconds for a node's pods to move. @default the gate's own */
  readonly drainSeconds?: number;
  /** Seconds until a new server's node is Ready. @default the gate's own */
  readonly readySeconds?: number;
}

export function rollingOf(plan: EnvironmentPlan, link: NodeLink): Rolling {
  const rollout = new Rollout(
    "rollout",
    {
      servers: Object.fromEntries(plan.servers.map((server) => [server.key, rolledFor(server)])),
      pools: plan.rolling.map(({ lanes }) => lanes),
    },
    { provider: link.provider, ...under(link) },
  );
  const inTurns = pulumi.runtime.isDryRun() ? Promise.resolve(new Set<string>()) : known(rollout);
  const { pushes, etcd } = link;
  const furnished = async (server: string): Promise<void> => pushes?.end(server);
  const prepared = async (): Promise<void> => etcd?.known();
  return { inTurns, furnished, prepared, gate: (parts) => gate(parts, rollout, link) };
}

/** Without the dependency that an Output would bring along. */
function known({ inTurns }: Rollout): Promise<ReadonlySet<string>> {
  return new Promise((resolve) => {
    inTurns.apply((servers = []) => resolve(new Set(servers)));
  });
}

/**
 * Deleted with the Rollout: a destroy of the whole environment ends the cluster too, so no node is emptied first. A
 * server that is replaced, or removed with its pool, leaves the Rollout where it is.
 */
function gate(parts: GateParts, rollout: Rollout, link: NodeLink): ServerReady {
  const { server, name, serverId, inTurns } = parts;
  const { provider, formedByServers, pushes: _, etcd: __, parent: ___, ...reached } = link;
  const options = { ...parts.options, provider, deletedWith: rollout };
  if (!isNodeRole(server.role)) return new ServerReady(name, { kind: "server", serverId }, options);
  const awaits = inTurns.then((rolled) => (rolled && formedByServers ? "ready" : "nothing"));
  return new ServerReady(name, { kind: "node", serverId, node: server.name, awaits, ...reached }, options);
}
