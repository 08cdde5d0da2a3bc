/** People: how they come in, and what they can do and reach. */
import type { PersonPlan, ReachPlan } from "../../../environment/plan/types";
import { link, placeOf, shownAddress, type ReportInput } from "../context";
import { ids } from "../ids";
import type { Fact, Line, Section, Thing } from "../types";

export function peopleSection(input: ReportInput): Section {
  const { people, reach, wireguard } = input.lab.plan;
  const reachOf = new Map(reach.map((each) => [each.name, each]));
  const peers = new Map(wireguard?.peers.map(({ name, address }) => [name, address]));
  const names = new Set(people.map(({ name }) => name));
  return {
    id: "people",
    title: "People",
    columns: ["SSH", "WireGuard", "Kubernetes"],
    things: [
      ...people.map((person) => personThing(person, peers.get(person.name), reachOf.get(person.name), input)),
      ...[...peers].flatMap(([name, address]) =>
        names.has(name) ? [] : [peerThing(name, address, reachOf.get(name), input)],
      ),
    ],
  };
}

function personThing(
  { name, ssh, kubernetes }: PersonPlan,
  peer: string | undefined,
  reach: ReachPlan | undefined,
  input: ReportInput,
): Thing {
  const access = ssh === undefined ? "no" : ssh.as === "operator" ? "every server" : "through the bastion";
  const { identity, everywhere, namespaces } = kubernetes;
  const roles: readonly Line[] = [
    ...(everywhere === undefined ? [] : [[`${everywhere} everywhere`]]),
    ...Object.entries(namespaces).map(([namespace, role]) => [
      `${role} in `,
      link(namespace, ids.namespace(namespace)),
    ]),
  ];
  const cluster =
    roles.length === 0 ? ["none"] : roles.flatMap((role, index) => (index === 0 ? role : [", ", ...role]));
  return {
    id: ids.person(name),
    what: "person",
    title: name,
    summary: [[access], [peer ?? "no"], cluster],
    facts: [
      { label: "SSH", value: [access] },
      { label: "WireGuard", value: [peer === undefined ? "no" : `address ${peer}`] },
      { label: "Kubernetes", value: cluster },
      {
        label: "name in the cluster",
        value: [
          `${identity.principal}, by ${identity.kind === "oidc" ? "the identity provider" : "a certificate"}`,
        ],
      },
      ...reachFacts(reach),
    ],
    places: [placeOf(input, `people.${name}`)],
    reached: [],
    tables: [],
  };
}

/** A site or machine that has the tunnel, and no person. */
function peerThing(name: string, address: string, reach: ReachPlan | undefined, input: ReportInput): Thing {
  return {
    id: ids.person(name),
    what: "peer of the tunnel",
    title: name,
    summary: [["no"], [address], ["none"]],
    facts: [{ label: "WireGuard", value: [`address ${address}`] }, ...reachFacts(reach)],
    places: [placeOf(input, `access.wireguard.peers.${name}`)],
    reached: [],
    tables: [],
  };
}

function reachFacts(reach: ReachPlan | undefined): readonly Fact[] {
  if (reach === undefined) return [];
  const { ssh, destinations } = reach;
  return [
    ...(ssh === "every server" ? [{ label: "reaches", value: ["SSH of every server"] }] : []),
    ...destinations.map(({ what, protocol, port, at, range }) => ({
      label: "reaches",
      value: [`${what}: ${protocol} ${String(port)} of ${range ?? at.map(shownAddress).join(", ")}`],
    })),
  ];
}
