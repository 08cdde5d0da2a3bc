/** People: each kind of access that an entry grants has to exist. */
import type { Application, OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import type { Claimed } from "../parts/claims";
import { membersOf } from "../plan/slots";
import type { PersonConfig } from "../schema/people";
import { duplicatePairs } from "./duplicates";
import { checkKeys } from "./keys";

export function checkPeople({ config, claims }: Claimed<OwnerConfig>): readonly Finding[] {
  const made = claims.namespaces.map((each) => each.name);
  const each = Object.entries(config.people).flatMap(([name, person]) => {
    const path = `people.${name}`;
    return [
      ...checkUser(path, person, config),
      ...(person.ssh?.as === "jump" ? checkJump(path, config) : []),
      ...(person.wireguard === undefined ? [] : checkTunnel(path, config)),
      ...checkApplications(path, person.applications, config),
      ...checkNamespaces(path, Object.keys(person.kubernetes.namespaces), made),
    ];
  });
  return [...each, ...checkPeers(config), ...checkNames(config), ...checkUsers(config), ...checkKeys(config)];
}

function checkPeers(config: OwnerConfig): readonly Finding[] {
  const { access } = config;
  if (access.kind === "bastion") return [];
  return Object.entries(access.wireguard.peers).flatMap(([name, { applications }]) =>
    checkApplications(`access.wireguard.peers.${name}`, applications, config),
  );
}

/** An application that no server runs cannot be accessed. */
function checkApplications(
  path: string,
  applications: readonly Application[],
  config: OwnerConfig,
): readonly Finding[] {
  const run = [...new Set(membersOf(config).flatMap((member) => member.config.applications))];
  return applications
    .filter((each) => !run.includes(each))
    .map((each) =>
      finding(
        "access.person",
        `${path}.applications`,
        `"${each}" is an application of no server`,
        run.length === 0 ? "take it out" : `take it out, or write one of ${run.join(", ")}`,
      ),
    );
}

/** Rights are bound to the name of the identity provider, so it must be known; without a provider it has no meaning. */
function checkUser(path: string, { kubernetes }: PersonConfig, { cluster }: OwnerConfig): readonly Finding[] {
  const { everywhere, namespaces, user } = kubernetes;
  const hasRights = everywhere !== undefined || Object.keys(namespaces).length > 0;
  const at = `${path}.kubernetes.user`;
  if (cluster.oidc === undefined) {
    if (user === undefined) return [];
    return [
      finding(
        "access.person",
        at,
        "is a name at an identity provider, and there is no cluster.oidc",
        "remove it, or write cluster.oidc",
      ),
    ];
  }
  if (user !== undefined || !hasRights) return [];
  return [
    finding(
      "access.person",
      at,
      "is missing, and people sign in by cluster.oidc",
      `write what its claim ${cluster.oidc.usernameClaim} says for this person`,
    ),
  ];
}

/** Two peers of one name would share one client file. */
function checkNames({ access, people }: OwnerConfig): readonly Finding[] {
  if (access.kind === "bastion") return [];
  return Object.keys(access.wireguard.peers)
    .filter((name) => people[name] !== undefined)
    .map((name) =>
      finding(
        "access.person",
        `access.wireguard.peers.${name}`,
        `has the name of people.${name}`,
        `move it to people.${name}.wireguard, or give it another name`,
      ),
    );
}

/** A removed person would keep the rights of the other one. */
function checkUsers({ people }: OwnerConfig): readonly Finding[] {
  const named = Object.entries(people).flatMap(([name, { kubernetes }]) =>
    kubernetes.user === undefined ? [] : [{ name, user: kubernetes.user }],
  );
  return duplicatePairs(named, ({ user }) => user).map(([first, { name, user }]) =>
    finding(
      "access.person",
      `people.${name}.kubernetes.user`,
      `"${user}" is already people.${first.name}`,
      "write each person's own",
    ),
  );
}

function checkJump(path: string, { access }: OwnerConfig): readonly Finding[] {
  if (access.kind !== "wireguard") return [];
  return [
    finding(
      "access.person",
      `${path}.ssh.as`,
      '"jump" goes through the bastion, and access.kind is wireguard',
      "write operator, or set access.kind to both",
    ),
  ];
}

function checkTunnel(path: string, { access }: OwnerConfig): readonly Finding[] {
  if (access.kind !== "bastion") return [];
  return [
    finding(
      "access.person",
      `${path}.wireguard`,
      "needs the gateway, and access.kind is bastion",
      "remove it, or set access.kind to both",
    ),
  ];
}

/** A role binding is namespaced, so the namespace has to be one that this environment creates. */
function checkNamespaces(path: string, named: readonly string[], own: readonly string[]): readonly Finding[] {
  return named
    .filter((namespace) => !own.includes(namespace))
    .map((namespace) =>
      finding(
        "access.person",
        `${path}.kubernetes.namespaces.${namespace}`,
        "is no namespace that this environment makes",
        own.length === 0 ? "remove it, or write everywhere" : `write ${own.join(", ")}, or everywhere`,
      ),
    );
}
