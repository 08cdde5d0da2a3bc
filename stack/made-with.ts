/**
 * Settings that a server applies only when it is created: the guard reports for each running server which of them it
 * does not have yet, by the line of the configuration.
 */
import { createHash } from "node:crypto";
import { CLUSTER_EFFECTS } from "../environment/effects/cluster";
import { mayLabelItself } from "../environment/node-labels";
import { effectsOf } from "../environment/parts/effects";
import { isNodeRole } from "../environment/plan/rolling";
import type { EnvironmentPlan, ServerPlan, ServerSettingsPlan, VolumePlan } from "../environment/plan/types";
import type { Lab } from "../lab";
import type { GuardedFact } from "../provider/sdk";
import type { Facts } from "./watched";

/** @param settings where those of the server are configured */
export function madeWithFacts(
  server: ServerPlan,
  plan: EnvironmentPlan,
  settings: ServerSettingsPlan,
): Facts {
  const { path } = settings;
  return {
    domain: inUserData(plan.domain, "domain"),
    software: hidden(JSON.stringify(plan.software), "software"),
    volumes: inUserData(volumesText(server, plan), `${path}.volumes`),
    ...keyFacts(server, plan),
    ...entryFacts(server, plan),
    ...diskFacts(server, path),
    ...groupFacts(server, plan, path),
    ...(isNodeRole(server.role) ? nodeFacts(server, plan, path) : logFacts(plan)),
  };
}

/** Units that a server needs for its pushed files; their programs are installed when it is created. */
export function programFacts(
  server: ServerPlan,
  machines: Lab["machines"],
  { path }: ServerSettingsPlan,
): Facts {
  const units = machines.get(server.key)?.units.filter(({ needs }) => needs.length > 0) ?? [];
  const programs: GuardedFact = {
    value: units.map(({ name }) => name).join(", "),
    at: path,
    change: "rolled",
    effect: "needs programs that are installed only when a server is made, at",
  };
  return { programs };
}

/** The name of a managed key pair stays when the key changes. */
function keyFacts({ user }: ServerPlan, { keyPair }: EnvironmentPlan): Facts {
  return {
    ...(keyPair.kind === "managed" ? { publicKey: hidden(keyPair.publicKey, "keyPair.publicKey", []) } : {}),
    ...(user === undefined
      ? {}
      : { sshKey: hidden(user.sshKey ?? "none", `servers.desktops.users.${user.name}.sshKey`) }),
  };
}

/** Rules for SSH are loaded from user data while a server boots, and a bastion's bans spare the tunnel. */
function entryFacts({ key, role }: ServerPlan, { hostFirewalls, wireguard }: EnvironmentPlan): Facts {
  const rules = hostFirewalls.find(({ server }) => server === key)?.accept ?? [];
  const ssh = rules.filter(({ protocol, portMin }) => protocol === "tcp" && portMin === SSH_PORT);
  const tunnel = role === "bastion" && wireguard !== undefined ? [wireguard.cidr] : [];
  return { entry: inUserData(listText([...ssh.flatMap(({ from }) => from), ...tunnel]), "access") };
}

const SSH_PORT = 22;

/** rsyslog waits for the authority's file, if there is one. */
function logFacts({ logs }: EnvironmentPlan): Facts {
  const authority = logs.kind === "syslog" && logs.authority !== undefined ? "given" : "none";
  return { logAuthority: inUserData(authority, "logs.authority") };
}

function diskFacts({ bootVolume }: ServerPlan, path: string): Facts {
  const type = bootVolume?.volumeType;
  return type === undefined ? {} : { bootVolumeType: reportedOnly(type, `${path}.bootVolume.type`) };
}

function groupFacts({ serverGroup }: ServerPlan, { serverGroups }: EnvironmentPlan, path: string): Facts {
  const policy = serverGroups.find(({ key }) => key === serverGroup)?.policy ?? "none";
  return { antiAffinity: reportedOnly(policy, `${path}.antiAffinity`, ["serverGroup"]) };
}

function nodeFacts(server: ServerPlan, plan: EnvironmentPlan, path: string): Facts {
  const labels = Object.entries(server.labels)
    .filter(([key]) => mayLabelItself(key))
    .map(([key, value]) => `${key}=${value}`);
  const taints = server.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`);
  return {
    labels: inUserData(listText(labels), `${path}.labels`),
    taints: inUserData(listText(taints), `${path}.taints`),
    ...(server.role === "controlPlane"
      ? controlPlaneFacts(server, plan, path)
      : { mounts: hidden(JSON.stringify(server.mounts ?? []), `${path}.mounts`) }),
    ...clusterFacts(plan),
  };
}

function controlPlaneFacts({ key }: ServerPlan, { servers, cluster }: EnvironmentPlan, path: string): Facts {
  const peers = servers.filter((each) => each.role === "controlPlane" && each.key !== key);
  return {
    schedulable: inUserData(String(cluster.schedulableControlPlane), `${path}.schedulable`),
    peers: inUserData(listText(peers.map((each) => each.key)), `${path}.min`),
  };
}

/** Those of `cluster.nodes` that kubelets keep from when they joined, by their declared effect. */
function clusterFacts({ nodeSettings }: EnvironmentPlan): Facts {
  if (nodeSettings === undefined) return {};
  const { nodes, release = "" } = nodeSettings;
  const kept = effectsOf(CLUSTER_EFFECTS.nodes).filter(({ effect }) => effect.kind === "inTurns");
  return {
    release: inUserData(release, "cluster.release"),
    ...Object.fromEntries(
      kept.map(({ key }) => {
        const at = `cluster.nodes.${key}`;
        const value = String(valueAt(nodes, key));
        return [key, IN_USER_DATA.includes(key) ? inUserData(value, at) : reportedOnly(value, at)] as const;
      }),
    ),
  };
}

/** Keys of `cluster.nodes` in user data; the others are part of the cluster's own settings. */
const IN_USER_DATA: readonly string[] = ["cloudProvider", "imageRepository"];

function valueAt(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
      value,
    );
}

function volumesText(server: ServerPlan, { volumes }: EnvironmentPlan): string {
  const own = volumes.filter((volume) => volume.server === server.key);
  return listText(own.map((volume) => `${volume.key.slice(server.key.length + 1)} ${useText(volume)}`));
}

function useText({ use }: VolumePlan): string {
  switch (use.kind) {
    case "filesystem":
      return `at ${use.mountPoint}`;
    case "raw":
      return `at ${use.device}`;
    case "swap":
      return "as swap";
  }
}

/** An empty value would mean "not configured", which is not compared. */
function listText(texts: readonly string[]): string {
  return texts.length === 0 ? "none" : texts.join(", ");
}

function reportedOnly(value: string, at: string, explains: readonly string[] = []): GuardedFact {
  return { value, at, change: "told", effect: "does nothing to", explains };
}

function inUserData(value: string, at: string): GuardedFact {
  return reportedOnly(value, at, ["userData"]);
}

/** Too long for a message, or not for messages: by a digest. */
function hidden(value: string, at: string, explains: readonly string[] = ["userData"]): GuardedFact {
  const digest = createHash("sha256").update(value).digest("hex").slice(0, 16);
  return { ...reportedOnly(digest, at, explains), opaque: true };
}
