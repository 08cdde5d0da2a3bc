/**
 * Replaces servers in order: a resource is registered only after those that it waits for.
 *
 * A recorded dependency on the gate before would do the same, at a price: every first `up` and every `destroy` would go
 * server by server too. So the program waits instead, and only with servers that were there before.
 */
import * as pulumi from "@pulumi/pulumi";
import type { InfraPlan } from "../environment/plan/infra-plan";
import type { ServerPlan } from "../environment/plan/types";
import { keys } from "./keys";
import { firstReplacedKey, serverResourceKeys, rollingPredecessors } from "./rolling";

/** Arguments of a gate behind a server. */
export interface GateArgs {
  readonly server: ServerPlan;
  readonly name: string;
  readonly serverId: pulumi.Output<string>;
  /** The server was there before; a recreated gate waits until it is back. */
  readonly inTurns: Promise<boolean>;
  readonly options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] };
}

export interface Rolling {
  /** Servers that were there before something of them changed. */
  readonly inTurns: Promise<ReadonlySet<string>>;
  readonly gate: (parts: GateArgs) => pulumi.CustomResource;
  /** Resolves when everything is registered that gates need before a server is replaced. @default at once */
  readonly prepared?: () => Promise<void>;
  /** Resolves when a replaced server has its pushed files: before that a gateway balances no traffic. @default at once */
  readonly filesDelivered?: (server: string) => Promise<void>;
}

/** By key of a resource, what to wait for before it is registered. */
export function rollingWaits(
  plan: InfraPlan,
  registered: ReadonlyMap<string, pulumi.CustomResource>,
  rolling: Rolling | undefined,
): ReadonlyMap<string, () => Promise<void>> {
  // Nothing happens in a preview, so there is nothing to wait for.
  if (rolling === undefined || pulumi.runtime.isDryRun()) return new Map();
  const before = rolling.inTurns.then((inTurns) => rollingPredecessors(plan.rolling, inTurns));
  const turn = async (server: string): Promise<void> => {
    const servers = (await before).get(server);
    if (servers === undefined) return;
    await rolling.prepared?.();
    await Promise.all(servers.map((key) => created(registered.get(keys.ready(key)))));
    await Promise.all(servers.map(async (key) => rolling.filesDelivered?.(key)));
  };
  return new Map(plan.servers.map((server) => [firstReplacedKey(server), () => turn(server.key)]));
}

/** Resolves when the engine has created the resource; the program ends if that fails. */
export function created(resource: pulumi.Resource | undefined): Promise<void> {
  if (resource === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    resource.urn.apply(() => resolve());
  });
}

/** A gate behind every server, beside the other resources. */
export function registerGates(
  plan: InfraPlan,
  registered: Map<string, pulumi.CustomResource>,
  { gate, inTurns }: Rolling,
  parent: pulumi.Resource,
): void {
  for (const server of plan.servers) {
    const made = registered.get(keys.server(server.key));
    if (made === undefined) throw new Error(`${server.key} has no server for its gate`);
    const dependsOn = serverResourceKeys(server, plan).flatMap((key) => registered.get(key) ?? []);
    const name = keys.ready(server.key);
    registered.set(
      name,
      gate({
        server,
        name,
        serverId: made.id,
        inTurns: inTurns.then((each) => each.has(server.key)),
        options: { parent, dependsOn },
      }),
    );
  }
}
