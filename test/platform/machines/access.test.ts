/** Whose keys the bastion takes, and what they open there. */
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { machineValues } from "../../../environment/machine-values";
import { machines } from "../../../platform/machines";
import { changed, configOf, planOf, stackBase, type Changes } from "../../environment/configs";

const PROD = stackBase("prod");
const KEY = machineValues.tenantKey("test").toString();

function keysOf(plan: EnvironmentPlan, account: string): readonly string[] {
  const files = machines(plan).get("bastion/0")?.files ?? [];
  const file = files.find(({ path }) => path === `/etc/ssh/authorized_keys/${account}`);
  return file?.content.trimEnd().split("\n") ?? [];
}

function jumpKeys(plan: EnvironmentPlan): readonly string[] {
  return keysOf(plan, "jump").filter((line) => line.includes("tenant"));
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

test("where the tenant's servers have addresses of Neutron's choice it opens SSH of any server, and nothing else", () => {
  expect(jumpKeys(prod({ "tenants.test.edge": "octavia" }))).toEqual([
    `restrict,port-forwarding,permitopen="*:22" ${KEY} tenant test`,
  ]);
});

test("the key of a person who passes through opens what the plan lists for them, and nothing else", () => {
  const plan = prod({
    "servers.desktops": { flavor: "large", users: { ada: { slot: 0 }, alan: { slot: 1 } } },
  });
  const opened = [
    "localhost:22",
    ...["192.168.3.4:8888", "192.168.3.5:80", "192.168.3.5:443"],
    ...["192.168.3.208:80", "192.168.3.208:443"],
    "192.168.3.80:22",
  ].map((each) => `permitopen="${each}"`);
  const [type, body] = plan.people.find(({ name }) => name === "ada")?.ssh?.key.split(" ") ?? [];
  expect(keysOf(plan, "jump").filter((line) => line.endsWith(" ada"))).toEqual([
    `restrict,port-forwarding,${opened.join(",")} ${type ?? ""} ${body ?? ""} ada`,
  ]);
});

test("an application that a person is given is opened on the servers that run it, by the bastion and by the tunnel", () => {
  const plan = prod({
    "servers.applicationServers.metrics": { slot: 0, flavor: "large", applications: ["grafana"] },
    "people.ada.applications": ["grafana"],
  });
  expect(keysOf(plan, "jump")[0]).toContain('permitopen="192.168.3.48:3000"');
  const firewall = plan.hostFirewalls.find(({ server }) => server === "gateway/1");
  expect(firewall?.tunnel?.rules.filter(({ to }) => to.includes("192.168.3.48"))).toEqual([
    { protocol: "tcp", port: 3000, from: ["172.30.153.70"], to: ["192.168.3.48"], reason: "Grafana" },
  ]);
});

test("who leaves is let in no more", () => {
  expect(jumpKeys(prod({ tenants: {} }))).toEqual([]);
});
