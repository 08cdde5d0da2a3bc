import { Secret, UNKNOWN } from "../../../provider-protocol";
import type { PropertyMap } from "../../../provider-protocol";
import { OPENSTACK_TYPES } from "../../../rehearsal/openstack/table";
import { INSTANCE, PORT } from "../../../openstack-api/resources/tokens";
import { validate } from "../../../rehearsal/table/validate";

function reasons(type: string, inputs: PropertyMap): readonly string[] {
  return validate(type, OPENSTACK_TYPES[type]?.inputs ?? {}, inputs).map(({ reason }) => reason);
}

test.each([
  [PORT, { networkId: "n", fixdIps: [] }, `${PORT} has no input "fixdIps"; did you mean "fixedIps"?`],
  [PORT, {}, `missing required property "networkId" of ${PORT}`],
  [PORT, { networkId: null }, `missing required property "networkId" of ${PORT}`],
  [PORT, { networkId: "n", xyzzy: 1 }, `${PORT} has no input "xyzzy"; the nearest is "name"`],
  [
    PORT,
    { networkId: "n", fixedIps: [{ subnet: "s" }] },
    `missing required property "fixedIps[0].subnetId" of ${PORT}`,
  ],
  [
    PORT,
    { networkId: "n", fixedIps: { subnetId: "s" } },
    `${PORT} wants a list as "fixedIps", not an object`,
  ],
  [PORT, { networkId: "n", adminStateUp: "yes" }, `${PORT} wants a boolean as "adminStateUp", not a string`],
  [PORT, { networkId: ["n"] }, `${PORT} wants a string as "networkId", not a list`],
  [
    INSTANCE,
    { networks: [{ prot: "p" }] },
    `${INSTANCE} has no input "networks[0].prot"; did you mean "port"?`,
  ],
])("%s with %j is refused", (type, inputs, reason) => {
  expect(reasons(type, inputs)).toContain(reason);
});

test.each([
  [PORT, { networkId: UNKNOWN, fixedIps: UNKNOWN }],
  [
    PORT,
    {
      networkId: new Secret("n"),
      fixedIps: [{ subnetId: UNKNOWN }],
      adminStateUp: "true",
      __defaults: ["name"],
    },
  ],
  [INSTANCE, { metadata: { groups: "a,b" }, blockDevices: [{ sourceType: "image", volumeSize: "50" }] }],
])("%s is accepted with unknowns, secrets and what the plugin converts", (type, inputs) => {
  expect(reasons(type, inputs)).toEqual([]);
});

test("everything wrong is reported at once", () => {
  expect(reasons(PORT, { nam: "x", fixedIps: [{ a: 1 }, { subnetId: "s", b: 1 }] })).toHaveLength(5);
});
