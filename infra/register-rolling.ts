/**
 * Replaces servers in order: a resource is registered only after the resources that it waits for.
 *
 * A recorded dependency on the previous gate would have the same effect, but every first `up` and every `destroy` would
 * also process servers one by one. So the program waits instead, and only for servers that existed before.
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
  /** Whether the server existed before; a recreated gate waits until it is ready again. */
  readonly inTurns: Promise<boolean>;
  readonly options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] };
}

export interface Rolling {
  /** Servers that existed before any of them changed. */
  readonly inTurns: Promise<ReadonlySet<string>>;
  readonly gate: (parts: GateArgs) => pulumi.CustomResource;
  /** Resolves when everything is registered that gates need before a server is replaced. @default at once */
  readonly prepared?: () => Promise<void>;
  /** Resolves when a replaced server has its pushed files: before, a gateway balances no traffic. @default at once */
  readonly filesDelivered?: (server: string) => Promise<void>;
}

/** For each resource key, what to wait for before registration. */
export function rollingWaits(
  plan: InfraPlan,
  registered: ReadonlyMap<string, pulumi.CustomResource>,
  rolling: Rolling | undefined,
): ReadonlyMap<string, () => Promise<void>> {
  // A preview creates nothing, so there is nothing to wait for.
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

/** A gate for every server, beside the other resources. */
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
