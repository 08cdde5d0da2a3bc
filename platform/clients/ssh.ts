/** A person's `ssh_config`: every server by name, through the bastion if there is one. */
import { JUMP, OPERATOR } from "../../environment/accounts";
import type { EnvironmentPlan, PersonPlan, ServerPlan } from "../../environment/plan/types";

/** Addresses of servers, by server key. */
export interface ServerAddresses {
  /** In the network of the servers. */
  readonly inner: ReadonlyMap<string, string>;
  /** Floating IPs. */
  readonly outer: ReadonlyMap<string, string>;
}

/** Servers' public host keys by server key, as in a line of `known_hosts`: type and key. */
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
 * Contains the host keys, so that the file works in any folder and under any name: a path to `known_hosts` would be one
 * on the machine that created the file. Nobody has to trust an unknown key, and a key that was once accepted by hand
 * has no effect.
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

/** `KnownHostsCommand` requires OpenSSH 8.5 (2021); an older version reports an unknown option. */
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

/** People connect to the bastion from outside; without one, to the servers' own network through the tunnel. */
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
  // The comment after the key is omitted.
  return hostKey.split(" ").slice(0, 2).join(" ");
}
