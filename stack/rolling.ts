/** How this stack replaces servers: in turns, each with its gate. */
import * as pulumi from "@pulumi/pulumi";
import { isNodeRole } from "../environment/plan/rolling";
import type { EnvironmentPlan } from "../environment/plan/types";
import type { GateArgs, Rolling } from "../infra/register-rolling";
import { rollingTriggers } from "../infra/rolling";
import { Rollout, ServerReady, type ApiRoute, type LabsteadProvider } from "../provider/sdk";
import type { DeferredEtcdMembers } from "./etcd";
import type { DeferredMachineFiles } from "./machines";
import { under, type Placed } from "./parent";

/** How gates connect to the cluster, and what else they wait for. */
export interface NodeLink extends Placed {
  readonly provider: LabsteadProvider;
  /** Known once the infrastructure is registered; the gates are a part of it. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly cluster: string;
  readonly how: ApiRoute;
  /** Whether servers set themselves up as nodes; others' nodes are not waited for. */
  readonly formedByServers: boolean;
  /** The etcd members, which gates of control planes need. @default not waited for */
  readonly etcdMembers?: DeferredEtcdMembers;
  /** The files pushed to a server, which is complete only with them. @default none */
  readonly machineFiles?: DeferredMachineFiles;
  /** Seconds for a node's pods to move. @default the gate's own */
  readonly drainSeconds?: number;
  /** Seconds until a new server's node is Ready. @default the gate's own */
  readonly readySeconds?: number;
}

export function rollingOf(plan: EnvironmentPlan, link: NodeLink): Rolling {
  const rollout = new Rollout(
    "rollout",
    {
      servers: Object.fromEntries(plan.servers.map((server) => [server.key, rollingTriggers(server)])),
      pools: plan.rolling.map(({ lanes }) => lanes),
    },
    { provider: link.provider, ...under(link) },
  );
  const inTurns = pulumi.runtime.isDryRun() ? Promise.resolve(new Set<string>()) : known(rollout);
  const { machineFiles, etcdMembers } = link;
  const filesDelivered = async (server: string): Promise<void> => machineFiles?.created(server);
  const prepared = async (): Promise<void> => etcdMembers?.created();
  return { inTurns, filesDelivered, prepared, gate: (parts) => gate(parts, rollout, link) };
}

/** Without the dependency that an Output would bring along. */
function known({ inTurns }: Rollout): Promise<ReadonlySet<string>> {
  return new Promise((resolve) => {
    inTurns.apply((servers = []) => resolve(new Set(servers)));
  });
}

/**
 * Deleted with the Rollout: a destroy of the whole environment ends the cluster too, so no node is drained first.
 * Replacing a server, or removing it with its pool, does not change the Rollout.
 */
function gate(parts: GateArgs, rollout: Rollout, link: NodeLink): ServerReady {
  const { server, name, serverId, inTurns } = parts;
  const { provider, formedByServers } = link;
  const options = { ...parts.options, provider, deletedWith: rollout };
  if (!isNodeRole(server.role)) return new ServerReady(name, { kind: "server", serverId }, options);
  const awaits = inTurns.then((rolled) => (rolled && formedByServers ? "ready" : "nothing"));
  return new ServerReady(
    name,
    { kind: "node", serverId, node: server.name, awaits, ...routeOf(link) },
    options,
  );
}

/** By name: other properties of a link are not inputs of a gate. */
function routeOf({ kubeconfig, cluster, how, drainSeconds, readySeconds }: NodeLink) {
  return {
    ...{ kubeconfig, cluster, how },
    ...(drainSeconds !== undefined && { drainSeconds }),
    ...(readySeconds !== undefined && { readySeconds }),
  };
}
