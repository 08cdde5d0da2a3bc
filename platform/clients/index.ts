/** The client files of one person, from the plan and from facts of the running environment. Pure: writes no files. */
import { hasRights } from "../../environment/plan/people";
import type { EnvironmentPlan, WireGuardPeerPlan } from "../../environment/plan/types";
import { connectionCheck } from "./check";
import type { Client, ClientFacts } from "./client";
import { knownHosts, sshConfig } from "./ssh";
import { tunnelFile, tunnelUpScript } from "./wireguard";

export interface ClientFile {
  readonly name: (typeof CLIENT_FILES)[number];
  readonly content: string;
  /** Whether it is executable. */
  readonly executable: boolean;
}

/** Every possible name of a client file. */
export const CLIENT_FILES = [
  "wg0.conf",
  "wg-up",
  "ssh_config",
  "known_hosts",
  "kubeconfig",
  "check",
] as const;

/** All clients, ordered by name. */
export function clients({ people, wireguard }: EnvironmentPlan): readonly Client[] {
  const peers = new Map(wireguard?.peers.map((peer) => [peer.name, peer]));
  const persons = people.map((person): Client => {
    const peer = peers.get(person.name);
    return peer === undefined ? person : { ...person, peer };
  });
  const named = new Set(people.map(({ name }) => name));
  const others = [...peers.values()].filter(({ name }) => !named.has(name)).map(peerWithoutPerson);
  return [...persons, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A peer that is not in `people`: it can use the tunnel, and has no rights in the cluster. */
function peerWithoutPerson(peer: WireGuardPeerPlan): Client {
  const identity = { kind: "certificate", principal: peer.name } as const;
  return { name: peer.name, kubernetes: { identity, namespaces: {} }, peer };
}

/** Whether the client has any access, and so any files. */
export function hasAccess(client: Client): boolean {
  return client.ssh !== undefined || client.peer !== undefined || hasRights(client);
}

/** @throws Error if `facts` lacks values that the client needs: the reader of the facts checks for them */
export function clientFiles(
  plan: EnvironmentPlan,
  client: Client,
  facts: ClientFacts,
): readonly ClientFile[] {
  return [
    ...tunnelFiles(plan, client, facts),
    ...sshFiles(plan, client, facts),
    ...(facts.kubeconfig === undefined ? [] : [file("kubeconfig", `${facts.kubeconfig}\n`)]),
    program("check", connectionCheck(plan, client, facts)),
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

function sshFiles(plan: EnvironmentPlan, client: Client, facts: ClientFacts): readonly ClientFile[] {
  if (client.ssh === undefined) return [];
  return [
    file("ssh_config", sshConfig(plan, client, facts.addresses, facts.hostKeys)),
    file("known_hosts", knownHosts(plan, client, facts.addresses, facts.hostKeys)),
  ];
}

function file(name: ClientFile["name"], content: string): ClientFile {
  return { name, content, executable: false };
}

function program(name: ClientFile["name"], content: string): ClientFile {
  return { name, content, executable: true };
}

export { withPrivateKeyOf } from "./wireguard";
export type { HostKeys, ServerAddresses } from "./ssh";
export type { Client, ClientFacts } from "./client";
