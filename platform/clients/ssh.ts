/** A person's `ssh_config`: every server by its name, through the bastion where there is one. */
import { JUMP, OPERATOR } from "../../environment/accounts";
import type { EnvironmentPlan, PersonPlan, ServerPlan } from "../../environment/plan/types";

/** Where servers answer, by their keys. */
export interface ServerAddresses {
  /** In the network of the servers. */
  readonly inner: ReadonlyMap<string, string>;
  /** Floating IPs. */
  readonly outer: ReadonlyMap<string, string>;
}

/** Servers' public host keys by the servers' keys, as a line of `known_hosts` has them: type and key. */
export type HostKeys = ReadonlyMap<string, string>;

/** A server that a person can log in to, or pass through. */
export interface ReachableServer {
  readonly server: ServerPlan;
  readonly account: string;
  /** The one to pass through. */
  readonly through?: ServerPlan;
}

/** The bastion first; nothing for a person without an SSH key. */
export function reachableServers(
  { servers }: EnvironmentPlan,
  person: PersonPlan,
): readonly ReachableServer[] {
  if (person.ssh === undefined) return [];
  const isOperator = person.ssh.as === "operator";
  const bastion = servers.find(({ role }) => role === "bastion");
  const jump = bastion === undefined ? [] : [{ server: bastion, account: isOperator ? OPERATOR : JUMP }];
  const others = servers
    .filter((server) => server !== bastion && (isOperator || server.user?.name === person.name))
    .map((server) => ({
      server,
      account: isOperator ? OPERATOR : person.name,
      ...(bastion === undefined ? {} : { through: bastion }),
    }));
  return [...jump, ...others];
}

/**
 * The host keys stand in it, so that the file works wherever it lies and however it is named: a path to `known_hosts`
 * would be the path on the machine that the file was made on. Nobody is asked to trust a key unseen, and no key that was
 * once taken by hand counts.
 */
export function sshConfig(
  plan: EnvironmentPlan,
  person: PersonPlan,
  addresses: ServerAddresses,
  keys: HostKeys,
): string {
  const reached = reachableServers(plan, person);
  const entries = reached.map(({ server, account, through }) => {
    const way = through === undefined ? "" : `  ProxyJump ${through.name}\n`;
    return `Host ${server.name}
  HostName ${from(server, addresses, through)}
  User ${account}
  HostKeyAlias ${server.name}
  KnownHostsCommand /bin/echo ${server.name} ${keyOf(server, keys)}
${way}`;
  });
  return [...entries, common(reached.map(({ server }) => server.name))].join("\n");
}

/** `KnownHostsCommand` came with OpenSSH 8.5 (2021); an older one says that it does not know it. */
function common(names: readonly string[]): string {
  return `Host ${names.join(" ")}
  StrictHostKeyChecking yes
  UserKnownHostsFile /dev/null
  GlobalKnownHostsFile /dev/null
  PreferredAuthentications publickey
  ForwardAgent no
  ServerAliveInterval 30
`;
}

/** For programs that do not read `ssh_config`: names and addresses with their host keys. */
export function knownHosts(
  plan: EnvironmentPlan,
  person: PersonPlan,
  { inner, outer }: ServerAddresses,
  keys: HostKeys,
): string {
  return reachableServers(plan, person)
    .map(({ server }) => {
      const names = [server.name, outer.get(server.key), inner.get(server.key)];
      const known = names.filter((each) => each !== undefined && each !== "");
      return `${known.join(",")} ${keyOf(server, keys)}\n`;
    })
    .join("");
}

/** People connect to the bastion from outside; without one, through the tunnel, to the servers' own network. */
function from(
  { key, name, role }: ServerPlan,
  { inner, outer }: ServerAddresses,
  through: ServerPlan | undefined,
): string {
  const outside = through === undefined && role === "bastion" ? outer.get(key) : undefined;
  const address = outside ?? inner.get(key);
  if (address === undefined) throw new Error(`${name} has no address`);
  return address;
}

function keyOf({ key, name }: ServerPlan, keys: HostKeys): string {
  const hostKey = keys.get(key);
  if (hostKey === undefined) throw new Error(`${name} has no SSH host key`);
  // A comment behind the key is no part of it.
  return hostKey.split(" ").slice(0, 2).join(" ");
}
