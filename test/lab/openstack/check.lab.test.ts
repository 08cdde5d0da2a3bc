/** `labstead check --cloud` against a real OpenStack: what it lists for a member of a project, and what it then finds. */
import { cloudFindings } from "../../../cli/check/cloud";
import { readCloud } from "../../../cli/check/cloud-facts";
import { findingText } from "../../../environment/findings";
import { lab } from "../../../lab";
import { loginOf } from "../../../openstack-api/clouds";
import { Session } from "../../../openstack-api/session";
import { changed, configOf, ownerBase, type Changes } from "../../environment/configs";
import { setUp } from "../host/undo";
import { OpenStackLab } from "./harness";

const NAME = "checked";

let openStack: OpenStackLab;
let session: Session;

setUp(async () => {
  openStack = OpenStackLab.running();
  await openStack.tenancies({ name: NAME });
  session = new Session(loginOf({ cloud: NAME, cloudsFile: openStack.cloudsFile }));
});

/** What the lab of the tests has: its flavors, its image, its zones and its external network. */
const OFFERED: Changes = { image: "ubuntu-24.04", "network.externalNetwork": "public" };

async function said(changes: Changes = {}): Promise<readonly string[]> {
  const composed = lab({ config: configOf("lab", changed(ownerBase(), { ...OFFERED, ...changes })) });
  return cloudFindings(composed, await readCloud(session)).map((each) => `${each.id} ${findingText(each)}`);
}

test("every service answers a member of the project", async () => {
  const { flavors, images, networks, zones, volumeTypes, volumeZones, limits, unread } =
    await readCloud(session);
  expect(unread).toEqual([]);
  expect([...(flavors?.keys() ?? [])]).toEqual(expect.arrayContaining(["tiny", "large"]));
  for (const list of [images, networks, zones, volumeTypes, volumeZones]) expect(list).not.toEqual([]);
  // As the tests' operator sets them.
  for (const name of ["instances", "cores", "volumes", "volumeGiB", "ports", "securityGroupRules"] as const)
    expect([name, limits[name]]).toEqual([name, 100_000]);
});

test("a lab of what the cloud has is not complained about; one of other names is, at each of them", async () => {
  expect(await said()).toEqual([]);
  const lines = await said({
    image: "no such image",
    "servers.gateway.flavor": "no such flavor",
    "servers.workers.general.volumes.data.type": "no such type",
    "network.externalNetwork": "no such network",
    availabilityZones: ["no such zone"],
  });
  expect(lines.map((each) => each.split(";")[0])).toEqual([
    'cloud.name image: the project can use no image "no such image"',
    'cloud.name availabilityZones: the project can use no zone for servers "no such zone"',
    'cloud.name servers.gateway.flavor: the project can use no flavor "no such flavor"',
    'cloud.name servers.workers.general.volumes.data.type: the project can use no volume type "no such type"',
    'cloud.name network.externalNetwork: the project can use no external network "no such network"',
  ]);
});

test("a project's own limit is compared", async () => {
  await openStack.client("admin", "quota", "set", "--instances", "3", NAME);
  const [line, ...others] = await said();
  expect(line).toMatch(
    /^cloud\.quota quota\.instances: the environment needs \d+, and the cloud allows the project 3; /,
  );
  expect(others).toEqual([]);
  await openStack.client("admin", "quota", "set", "--instances", "100000", NAME);
});
