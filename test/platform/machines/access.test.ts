/** Whose keys the bastion takes, and what they open there. */
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { machineValues } from "../../../environment/machine-values";
import { machines } from "../../../platform/machines";
import { changed, configOf, planOf, stackBase, type Changes } from "../../environment/configs";

const PROD = stackBase("prod");
const KEY = machineValues.tenantKey("test").toString();

function jumpKeys(plan: EnvironmentPlan): readonly string[] {
  const files = machines(plan).get("bastion/0")?.files ?? [];
  const file = files.find(({ path }) => path === "/etc/ssh/authorized_keys/jump");
  return file?.content.split("\n").filter((line) => line.includes("tenant")) ?? [];
}

function prod(changes: Changes = {}): EnvironmentPlan {
  return planOf(configOf("prod", changed(PROD, changes)));
}

test("a tenant's key opens SSH of the tenant's own addresses, and nothing else", () => {
  const plan = prod();
  const [{ cidr } = { cidr: "" }] = plan.tenants;
  const [first = ""] = cidr.split("/");
  const start = Number(first.split(".").at(-1));
  const own = [0, 1, 2, 3].map(
    (offset) => `permitopen="${first.replace(/\d+$/, String(start + offset))}:22"`,
  );
  expect(jumpKeys(plan)).toEqual([`restrict,port-forwarding,${own.join(",")} ${KEY} tenant test`]);
});

test("where the tenant's servers have addresses of Neutron's choice it passes through as a person's does", () => {
  expect(jumpKeys(prod({ "tenants.test.edge": "octavia" }))).toEqual([
    `restrict,port-forwarding ${KEY} tenant test`,
  ]);
});

test("who leaves is let in no more", () => {
  expect(jumpKeys(prod({ tenants: {} }))).toEqual([]);
});
