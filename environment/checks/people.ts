/** People: each way in that they are given has to be there. */
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";

export function checkPeople(config: OwnerConfig): readonly Finding[] {
  return Object.entries(config.people).flatMap(([name, person]) => {
    const path = `people.${name}`;
    return [
      ...(person.ssh?.as === "jump" ? checkJump(path, config) : []),
      ...(person.wireguard === undefined ? [] : checkTunnel(path, config)),
      ...checkNamespaces(path, Object.keys(person.kubernetes.namespaces), config),
    ];
  });
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

/** A role binding lives in its namespace, so the namespace has to be one that this environment makes. */
function checkNamespaces(path: string, named: readonly string[], config: OwnerConfig): readonly Finding[] {
  const { datalab } = config.apps;
  const own = datalab === undefined ? [] : [datalab.namespace];
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
