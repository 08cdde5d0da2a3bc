/** The guard against disruptive changes: what it watches of this environment, and where that is configured. */
import * as pulumi from "@pulumi/pulumi";
import type { FixedSetting } from "../environment/parts/effects";
import type { EnvironmentPlan, ServerSettingsPlan } from "../environment/plan/types";
import { isNodeRole } from "../environment/plan/rolling";
import { WATCHED_SETTINGS } from "../environment/plan/types-settings";
import { qualifiedType } from "../infra/components";
import { keys } from "../infra/keys";
import type { InfraResource } from "../infra/types";
import type { Lab } from "../lab";
import {
  ChangeGuard,
  changesJudged,
  type ChangesJudged,
  type GuardedFact,
  type GuardedQuorum,
  type GuardedResource,
  type LabsteadProvider,
} from "../provider/sdk";
import { DEPLOY, deploymentFacts } from "./deployment-fact";
import { etcdData } from "./etcd";
import { HOLDERS } from "./holders";
import { madeWithFacts, programFacts } from "./made-with";
import { typesAbove as typesAboveOf, under, urnOf, type Placed } from "./parent";
import { watchedFacts, type Facts, type SettingPath } from "./watched";

/** Name of the guard in every stack; its URN depends on it. */
const NAME = "changes";

/** What is watched, and whether its servers form the cluster themselves. */
export interface Watched {
  readonly plan: EnvironmentPlan;
  /** OpenStack resources of this environment. */
  readonly infra: readonly InfraResource[];
  /** What runs on its servers, by their keys. @default no pushed files */
  readonly machines?: Lab["machines"];
  /** Keys of the parts by the ids of their charts. @default no charts */
  readonly partOfChart?: Lab["partOfChart"];
  /** Whether servers set themselves up as nodes; otherwise their release is not watched. */
  readonly formedByServers: boolean;
  /** Parent types of the infrastructure in its URNs. @default none: it is at the root of the stack */
  readonly typesAbove?: string;
}

/**
 * Registers the guard and waits for its decision: if it refuses, nothing registered afterwards is started.
 * @returns whether no earlier run recorded anything
 */
export async function guardChanges(
  watched: Omit<Watched, "typesAbove">,
  provider: LabsteadProvider,
  placed: Placed = {},
): Promise<{ readonly isNew: boolean }> {
  const { plan } = watched;
  const inputs = {
    guarded: guardedResources({ ...watched, typesAbove: await typesAboveOf(placed) }),
    allow: plan.allowedChanges,
    quorums: guardedQuorums(watched),
    holders: HOLDERS,
  };
  const guard = new ChangeGuard(NAME, inputs, { provider, ...under(placed) });
  const { hasRecord } = await judgement(guard, provider);
  return { isNew: !hasRecord };
}

/** Waits for the decision of a guard. @throws RunError if the run leaves the guard out */
export async function judgement(guard: ChangeGuard, provider: LabsteadProvider): Promise<ChangesJudged> {
  const found = await changesJudged(guard, provider);
  if (found.judged) return found;
  throw new pulumi.RunError(
    `with --target or --exclude, the guard before disruptive changes has to be among the targets; add: --target '${await urnOf(guard)}'`,
  );
}

/** All resources of the environment with data, addresses or connections to lose, by key. */
export function guardedResources({
  plan,
  infra,
  machines = new Map(),
  partOfChart = new Map(),
  formedByServers,
  typesAbove = "",
}: Watched): Readonly<Record<string, GuardedResource>> {
  const settings = new Map(plan.settings.map((each) => [each.server, each]));
  const releases = formedByServers ? releaseFacts(plan) : new Map<string, Facts>();
  const made = serverFacts(plan, machines, settings);
  const watched = infra.flatMap((each) => {
    const place = placeOf(each, plan, settings);
    const facts = { ...watchedFacts(each, place.at), ...releases.get(each.key), ...made.get(each.key) };
    return Object.keys(facts).length === 0
      ? []
      : [[each.key, { facts, ...place.rolled, ...protection(each, typesAbove) }] as const];
  });
  const all: readonly (readonly [key: string, resource: GuardedResource])[] = [
    ...watched,
    ["cluster", { facts: clusterFacts(plan) }],
    [DEPLOY, { facts: deploymentFacts(plan.deployment, partOfChart.values()) }],
    ...plan.fixedSettings.map((each) => [each.path, { facts: { value: fixedFact(each) } }] as const),
  ];
  return Object.fromEntries(all);
}

/** What each server was created with, by its resource's key. */
function serverFacts(
  plan: EnvironmentPlan,
  machines: Lab["machines"],
  settings: ReadonlyMap<string, ServerSettingsPlan>,
): ReadonlyMap<string, Facts> {
  return new Map(
    plan.servers.flatMap((server) => {
      const own = settings.get(server.key);
      if (own === undefined) return [];
      const facts = { ...madeWithFacts(server, plan, own), ...programFacts(server, machines, own) };
      return [[keys.server(server.key), facts] as const];
    }),
  );
}

/** A setting whose change would destroy or cut off something. */
function fixedFact({ path, value, would, instead, allowedAs, free = [] }: FixedSetting): GuardedFact {
  return { value, at: path, change: allowedAs ?? "fixed", effect: would, instead, free };
}

/** Properties of a cluster that never change. Its authorities and everything in it depend on these. */
function clusterFacts({ cluster }: EnvironmentPlan): Facts {
  const owner: GuardedFact = {
    value: cluster.owner,
    at: "cluster.owner",
    change: "fixed",
    effect: "leaves everything that this environment has in its cluster behind, without a way to it, in",
    instead: "for another owner's cluster, bring this environment up as a new stack",
  };
  const name: GuardedFact = {
    value: cluster.name,
    at: "cluster.name",
    change: "fixed",
    effect: "makes new authorities, which no node and no kubeconfig trusts, of",
    instead: "for another name, bring an environment up beside this one",
  };
  return cluster.kind === "shared" ? { name, owner } : { name };
}

/** etcd's members on the control planes, where the servers form the cluster: others are unknown. */
export function guardedQuorums({ plan, formedByServers }: Watched): readonly GuardedQuorum[] {
  const own = plan.servers.filter(({ role }) => role === "controlPlane");
  if (!formedByServers || own.length === 0) return [];
  const kept = own.every(({ key }) => etcdData(plan, key) === "volume");
  return [
    {
      of: keys.server("controlPlane/"),
      at: "servers.controlPlane",
      name: "etcd",
      holds: "all that is in the cluster",
      data: kept ? "kept" : "lost",
    },
  ];
}

/**
 * Of each node, by its server's key. A control plane refuses settings of another release than its own, and its cluster
 * is upgraded one release at a time; a worker keeps the one that it was created with.
 */
function releaseFacts({ servers, cluster }: EnvironmentPlan): ReadonlyMap<string, Facts> {
  const nodes = servers.filter(({ role }) => isNodeRole(role));
  return new Map(
    nodes.map(({ key, role }) => {
      const setting = { value: cluster.version, at: "cluster.version" };
      const kubernetes: GuardedFact =
        role === "controlPlane"
          ? { ...setting, change: "release", effect: "is not taken by" }
          : { ...setting, change: "later", effect: "does nothing to" };
      return [keys.server(key), { kubernetes }];
    }),
  );
}

interface Place {
  readonly at: SettingPath;
  readonly rolled?: Pick<GuardedResource, "generation" | "roll">;
}

function placeOf(
  { key }: InfraResource,
  plan: EnvironmentPlan,
  settings: ReadonlyMap<string, ServerSettingsPlan>,
): Place {
  const server = plan.servers.find((each) => keys.server(each.key) === key);
  const own = settings.get(server?.key ?? "");
  if (own !== undefined)
    return {
      at: (fact) => settingPath(own, fact),
      rolled: { generation: own.generation, roll: `${own.path}.generation` },
    };
  const volume = plan.volumes.find((each) => keys.volume(each.key) === key);
  const holder = settings.get(volume?.server ?? "");
  if (volume !== undefined && holder !== undefined) {
    const path = `${holder.path}.volumes.${volume.key.slice(holder.server.length + 1)}`;
    return { at: (fact) => (fact === "zone" ? holder.paths.zone : `${path}.${fact}`) };
  }
  return { at: (fact) => NETWORK_SETTINGS[fact] ?? key };
}

function settingPath({ path, paths }: ServerSettingsPlan, fact: string): string {
  if (fact === "keyPair") return "keyPair.name";
  const setting = WATCHED_SETTINGS.find((each) => each === fact);
  return setting === undefined ? path : paths[setting];
}

/** Configuration paths of the network's settings. */
const NETWORK_SETTINGS: Readonly<Record<string, string>> = {
  mtu: "network.mtu",
  cidr: "network.cidr",
  gateway: "network.cidr",
  network: "network.name",
  external: "network.externalNetwork",
  pool: "network.externalNetwork",
  address: "network.ranges",
};

/** The name that `pulumi state unprotect` takes. */
function protection(each: InfraResource, above: string): Pick<GuardedResource, "protected"> {
  if (each.options.protect !== true) return {};
  const stack = `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}`;
  return { protected: `${stack}::${above}${qualifiedType(each)}::${each.key}` };
}
