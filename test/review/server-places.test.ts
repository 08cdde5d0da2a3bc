/** Servers that others depend on: one alone, all in one zone, and volumes whose zone nobody has chosen. */
import { findingText } from "../../environment/findings";
import { placeFindings } from "../../review/server-places";
import { changed, configOf, ownerBase, planOf, tenantBase, type Changes } from "../environment/configs";

const lab = configOf("lab", ownerBase());

function said(changes: Changes = {}): readonly string[] {
  return placeFindings(planOf(configOf("lab", changed(ownerBase(), changes)))).map(findingText);
}

const SINGLE = (role: string, what: string): string =>
  `servers.${role}.min: a single server carries ${what}, which is down while it is replaced; write 2 or more for a lab that people depend on`;

test("nothing is said of roles with several servers, and where no zones are written", () => {
  expect(said()).toEqual([]);
});

test.each([
  ["gateway", "what is reached through the gateways"],
  ["loadBalancer", "what is reached through the load balancer"],
])("a single server of the role %s", (role, what) => {
  expect(said({ [`servers.${role}.min`]: 1 })).toEqual([SINGLE(role, what)]);
});

test("a tenant's single load balancer", () => {
  const tenant = (min: number) =>
    planOf(configOf("test", changed(tenantBase(), { "servers.loadBalancer.min": min })), lab);
  expect(placeFindings(tenant(1)).map(findingText)).toEqual([
    SINGLE("loadBalancer", "what is reached through the load balancer"),
  ]);
  expect(placeFindings(tenant(2))).toEqual([]);
});

const ZONES = { availabilityZones: ["AZ1", "AZ2", "AZ3"], volumeZones: "server" };

test("servers of one zone, where the environment has several", () => {
  expect(said(ZONES)).toEqual([]);
  expect(said({ ...ZONES, "servers.controlPlane.availabilityZones": ["AZ2"] })).toEqual([
    "servers.controlPlane.availabilityZones: puts all 3 servers into AZ2, and the environment has AZ1, AZ2, AZ3; list several zones, or leave the key out to have those of the environment",
  ]);
  expect(said({ ...ZONES, "servers.controlPlane.availabilityZones": ["AZ2", "AZ3"] })).toEqual([]);
  expect(said({ ...ZONES, availabilityZones: ["AZ1"] })).toEqual([]);
});

test("volumes are in their servers' zones, or Cinder chooses theirs", () => {
  expect(said({ ...ZONES, volumeZones: "any" })).toEqual([
    "volumeZones: leaves the zones of volumes to Cinder (6 here), and their servers are in AZ1, AZ2, AZ3; write server, or accept this where every server can attach volumes of every zone",
  ]);
  expect(said({ volumeZones: "any" })).toEqual([]);
});
