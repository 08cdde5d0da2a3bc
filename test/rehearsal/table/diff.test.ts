import { Secret, UNKNOWN } from "../../../provider-protocol";
import type { PropertyMap } from "../../../provider-protocol";
import { OPENSTACK_TYPES, UNORDERED } from "../../../rehearsal/openstack/table";
import { INSTANCE, PORT, SEC_GROUP_RULE } from "../../../openstack-api/resources/tokens";
import { inputChanges } from "../../../rehearsal/table/diff";

function changes(type: string, before: PropertyMap, after: PropertyMap): Record<string, string> {
  const row = OPENSTACK_TYPES[type];
  if (row === undefined) throw new Error(type);
  const found = Object.entries(inputChanges(row, UNORDERED, before, after));
  return Object.fromEntries(
    found.map(([path, { change, replace }]) => [path, replace ? `${change}, replace` : change]),
  );
}

test.each<[string, PropertyMap, PropertyMap, Record<string, string>]>([
  [PORT, { networkId: "n" }, { networkId: "n" }, {}],
  [PORT, { networkId: "n" }, { networkId: "m" }, { networkId: "update, replace" }],
  [PORT, { networkId: "n" }, { networkId: UNKNOWN }, { networkId: "update, replace" }],
  [PORT, { tags: ["a", "b"] }, { tags: ["b", "a"] }, {}],
  [PORT, { securityGroupIds: ["a"] }, { securityGroupIds: ["a", UNKNOWN] }, { "securityGroupIds[1]": "add" }],
  [PORT, { name: "a" }, { name: "b" }, { name: "update" }],
  [PORT, { description: "a" }, {}, { description: "delete" }],
  [PORT, { macAddress: "a" }, {}, {}],
  [PORT, { description: new Secret("a") }, { description: "a" }, {}],
  [
    PORT,
    { fixedIps: [{ subnetId: "s", ipAddress: "a" }] },
    { fixedIps: [{ subnetId: "s", ipAddress: "b" }] },
    { "fixedIps[0].ipAddress": "update" },
  ],
  [
    INSTANCE,
    { networks: [{ port: "p" }] },
    { networks: [{ port: "p" }, { port: "q" }] },
    { "networks[1]": "add, replace" },
  ],
  [
    INSTANCE,
    { blockDevices: [{ uuid: "a" }] },
    { blockDevices: [{ uuid: "b" }] },
    { "blockDevices[0].uuid": "update, replace" },
  ],
  [INSTANCE, { metadata: { "a.b": "1" } }, { metadata: { "a.b": "2" } }, { 'metadata["a.b"]': "update" }],
  [INSTANCE, { flavorName: "a" }, { flavorName: "b" }, { flavorName: "update" }],
  [INSTANCE, { userData: "a" }, { userData: "b" }, { userData: "update, replace" }],
  [SEC_GROUP_RULE, { description: "a" }, { description: "b" }, { description: "update, replace" }],
  [PORT, { __defaults: ["name"] }, { __defaults: [] }, {}],
])("%s from %j to %j", (type, before, after, expected) => {
  expect(changes(type, before, after)).toEqual(expected);
});
