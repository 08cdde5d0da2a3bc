/** What the preview says of ports inside the network that nobody of people reaches. */
import { findingText } from "../../environment/findings";
import { insidePorts } from "../../review/inside-ports";
import { changed, configOf, ownerBase, planOf, type Changes } from "../environment/configs";

function said(changes: Changes = {}): readonly string[] {
  return insidePorts(planOf(configOf("lab", changed(ownerBase(), changes)))).map(findingText);
}

const note = (ports: string) =>
  `people: of what servers answer inside the network, nobody of people and access.wireguard.peers reaches ${ports}; write people.<name>.applications for an application of a server, and publish what others are to use`;

const OTHERS = "controlPlane tcp 6443; workers tcp 30090; nfs tcp 2049";
const ELASTICSEARCH = "application-elasticsearch tcp 9200, tcp 9300, tcp 9114";

test("they are named by security group", () => {
  expect(said()).toEqual([
    note(`${OTHERS}; ${ELASTICSEARCH}; application-prometheus tcp 9090; application-grafana tcp 3000`),
  ]);
});

test("what somebody is given is none of them", () => {
  const applications = { "access.wireguard.peers.ada.applications": ["prometheus", "grafana"] };
  expect(said(applications)).toEqual([note(`${OTHERS}; ${ELASTICSEARCH}`)]);
});

test("who can only jump reaches no SSH but that of a desktop", () => {
  const people = {
    alan: {
      ssh: { key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4" },
    },
  };
  expect(said({ people, "access.wireguard.peers": {} })[0]).toContain("reaches base tcp 22; ");
});

test("nothing is said where nobody comes by the tunnel or through the bastion", () => {
  expect(said({ "access.wireguard.peers": {} })).toEqual([]);
});
