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

/** A server's host key, as a line of `known_hosts` has it: type and key. */
export type HostKeys = ReadonlyMap<string, string>;

/** Empty for a person without an SSH key. */
export function sshConfig(plan: EnvironmentPlan, person: PersonPlan, addresses: ServerAddresses): string {
  if (person.ssh === undefined) return "";
  const bastion = plan.servers.find(({ role }) => role === "bastion");
  const others = plan.servers.filter((server) => server !== bastion && reaches(server, person));
  return [
    ...(bastion === undefined ? [] : [bastionEntry(bastion, person, addresses)]),
    ...others.map((server) => entry(server, person, addresses, bastion)),
  ].join("\n");
}

/** Each name with its host key, so that nobody is asked to trust one unseen. */
export function knownHosts(plan: EnvironmentPlan, keys: HostKeys): string {
  return plan.servers
    .flatMap(({ key, name }) => {
      const hostKey = keys.get(key);
      return hostKey === undefined ? [] : [`${name} ${hostKey}\n`];
    })
    .join("");
}

/** Operators reach every server, a person the one of his own. */
function reaches({ user }: ServerPlan, person: PersonPlan): boolean {
  return person.ssh?.as === "operator" || user?.name === person.name;
}

function bastionEntry(bastion: ServerPlan, person: PersonPlan, { outer, inner }: ServerAddresses): string {
  const account = person.ssh?.as === "operator" ? OPERATOR : JUMP;
  return host(bastion, outer.get(bastion.key) ?? inner.get(bastion.key), account);
}

function entry(
  server: ServerPlan,
  person: PersonPlan,
  { inner }: ServerAddresses,
  bastion: ServerPlan | undefined,
): string {
  const account = person.ssh?.as === "operator" ? OPERATOR : person.name;
  const way = bastion === undefined ? "" : `  ProxyJump ${bastion.name}\n`;
  return `${host(server, inner.get(server.key), account)}${way}`;
}

/** The alias is what the host key is known by: addresses come and go, names stay. */
function host({ name }: ServerPlan, address: string | undefined, account: string): string {
  if (address === undefined) throw new Error(`${name} has no address; bring the environment up first`);
  return `Host ${name}
  HostName ${address}
  User ${account}
  HostKeyAlias ${name}
  StrictHostKeyChecking yes
`;
}
