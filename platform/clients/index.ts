/** The files that one person comes in with, made from the plan and from what stands. Pure: nothing is written here. */
import { hasRights } from "../../environment/plan/people";
import type { EnvironmentPlan, WireGuardPeerPlan } from "../../environment/plan/types";
import { connectionCheck } from "./check";
import type { Client, ClientFacts } from "./client";
import { knownHosts, sshConfig } from "./ssh";
import { tunnelFile, tunnelUpScript } from "./wireguard";

export interface ClientFile {
  readonly name: (typeof CLIENT_FILES)[number];
  readonly content: string;
  /** Whether it is a program. */
  readonly runs: boolean;
}

/** Every name that a client's file can have. */
export const CLIENT_FILES = [
  "wg0.conf",
  "wg-up",
  "ssh_config",
  "known_hosts",
  "kubeconfig",
  "check",
] as const;

/** Everyone who can be given files, in the order of their names. */
export function clients({ people, wireguard }: EnvironmentPlan): readonly Client[] {
  const peers = new Map(wireguard?.peers.map((peer) => [peer.name, peer]));
  const persons = people.map((person): Client => {
    const peer = peers.get(person.name);
    return peer === undefined ? person : { ...person, peer };
  });
  const named = new Set(people.map(({ name }) => name));
  const others = [...peers.values()].filter(({ name }) => !named.has(name)).map(peerAlone);
  return [...persons, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A peer that is nobody of `people`: the tunnel, and no right behind it. */
function peerAlone(peer: WireGuardPeerPlan): Client {
  const identity = { kind: "certificate", principal: peer.name } as const;
  return { name: peer.name, kubernetes: { identity, namespaces: {} }, peer };
}

/** Whether there is anything to give. */
export function hasWayIn(client: Client): boolean {
  return client.ssh !== undefined || client.peer !== undefined || hasRights(client);
}

/** @throws Error where `standing` lacks what the client is to have: whoever reads it checks that */
export function clientFiles(
  plan: EnvironmentPlan,
  client: Client,
  standing: ClientFacts,
): readonly ClientFile[] {
  return [
    ...tunnelFiles(plan, client, standing),
    ...sshFiles(plan, client, standing),
    ...(standing.kubeconfig === undefined ? [] : [file("kubeconfig", `${standing.kubeconfig}\n`)]),
    program("check", connectionCheck(plan, client, standing)),
  ];
}

function tunnelFiles(
  plan: EnvironmentPlan,
  { peer }: Client,
  { gateway }: ClientFacts,
): readonly ClientFile[] {
  if (peer === undefined) return [];
  if (plan.wireguard === undefined || gateway === undefined) throw new Error("there is no tunnel to dial");
  return [
    file("wg0.conf", tunnelFile(plan.wireguard, plan.network, peer, gateway)),
    program("wg-up", tunnelUpScript(plan.wireguard, peer)),
  ];
}

function sshFiles(plan: EnvironmentPlan, client: Client, standing: ClientFacts): readonly ClientFile[] {
  if (client.ssh === undefined) return [];
  return [
    file("ssh_config", sshConfig(plan, client, standing.addresses, standing.hostKeys)),
    file("known_hosts", knownHosts(plan, client, standing.addresses, standing.hostKeys)),
  ];
}

function file(name: ClientFile["name"], content: string): ClientFile {
  return { name, content, runs: false };
}

function program(name: ClientFile["name"], content: string): ClientFile {
  return { name, content, runs: true };
}

export { withPrivateKeyOf } from "./wireguard";
export type { HostKeys, ServerAddresses } from "./ssh";
export type { Client, ClientFacts } from "./client";
