import { CONSTRUCTORS, LOOKUPS } from "../../../infra/constructors";
import { covers, differing, fromService, toService } from "../../../openstack-api/resources/fields";
import { FINDERS } from "../../../openstack-api/resources/lookups";
import { REAL_TYPES } from "../../../openstack-api/resources/store";

test("every type and function of the infrastructure is served", () => {
  expect(Object.keys(CONSTRUCTORS).filter((type) => !REAL_TYPES.includes(type))).toEqual([]);
  expect(Object.keys(LOOKUPS).filter((token) => !(token in FINDERS))).toEqual([]);
});

const FIELDS = {
  name: "name",
  fixedIps: { as: "fixed_ips", each: { subnetId: "subnet_id", ipAddress: "ip_address" } },
};

test("fields lead there and back", () => {
  const inputs = { name: "a", fixedIps: [{ subnetId: "s", ipAddress: "10.0.0.1" }] };
  const there = { name: "a", fixed_ips: [{ subnet_id: "s", ip_address: "10.0.0.1" }] };
  expect(toService(FIELDS, inputs)).toEqual(there);
  expect(fromService(FIELDS, { ...there, status: "ACTIVE" })).toEqual(inputs);
});

test.each([
  [[{ a: 1, b: 2 }, "x"], ["x", { a: 1 }], true],
  [["x"], ["x", "y"], false],
  [{ a: 1 }, { a: 2 }, false],
  [null, [], true],
  [undefined, "x", false],
])("%j has %j within: %s", (value, wanted, answer) => {
  expect(covers(value, wanted)).toBe(answer);
});

test("only what differs is sent", () => {
  expect(differing({ name: "b", mtu: 1450 }, { name: "a", mtu: 1450, status: "ACTIVE" })).toEqual({
    name: "b",
  });
});
