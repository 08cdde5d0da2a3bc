/** Servers are replaced in turns on a real OpenStack, by the order of the engine's steps and by Nova's own times. */
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { smallPlan } from "../../infra/plans";
import { setUp } from "../host/undo";
import {
  begun,
  checkInventory,
  LabEnvironment,
  OpenStackLab,
  report,
  type Done,
  type Inventory,
} from "./harness";

const NAME = "rolling";

function plan(workers: object = {}, gateway: object = {}): EnvironmentPlan {
  const servers = {
    bastion: { flavor: "tiny", floatingIp: true },
    gateway: { flavor: "small", min: 2, ...gateway },
    controlPlane: { flavor: "medium", min: 1, antiAffinity: "none" },
    workers: {
      general: {
        flavor: "large",
        min: 4,
        volumes: { data: { size: "1Gi", use: { kind: "raw" }, protect: false } },
        ...workers,
      },
    },
  };
  return smallPlan({}, { servers, edge: { kind: "none" } });
}

let lab: OpenStackLab;
let before: Inventory;
let environment: LabEnvironment;

setUp(async (undo) => {
  lab = OpenStackLab.running();
  await lab.tenancies({ name: NAME });
  before = await lab.inventory(NAME);
  environment = undo.use(await LabEnvironment.open(lab, NAME, plan()));
});

const worker = (slot: number) => `workers.general/${String(slot)}`;

/** Steps on servers alone, in the order in which they began. */
function onServers(done: Done): readonly string[] {
  return begun(done)
    .filter((step) => / server\//.test(step) && !step.startsWith("replace "))
    .map((step) => step.replace("delete-replaced", "delete").replace("create-replacement", "create"));
}

const replaced = (key: string) => [`delete server/${key}`, `create server/${key}`];

/** How many servers were away at the same time at most: from the beginning of a delete to the end of a create. */
function mostAway({ steps }: Done): number {
  const servers = steps.filter(({ name }) => name.startsWith("server/"));
  const away = [...new Set(servers.map(({ name }) => name))].map((name) => {
    const own = servers.filter((step) => step.name === name);
    return {
      from: Math.min(...own.map(({ began }) => began)),
      to: Math.max(...own.map(({ ended }) => ended ?? Infinity)),
    };
  });
  return Math.max(
    ...away.map(({ from }) => away.filter((other) => other.from <= from && from < other.to).length),
  );
}

test("comes up", async () => {
  report(NAME, "up", await environment.up());
  checkInventory(await lab.inventory(NAME), plan());
});

test("a pool is rolled one slot at a time; volumes, ports and addresses stay", async () => {
  const old = await lab.inventory(NAME);
  environment.plan(plan({ generation: 2 }));
  const done = await environment.up();
  report(NAME, "roll of four", done);
  expect(onServers(done)).toEqual([0, 1, 2, 3].flatMap((slot) => replaced(worker(slot))));
  expect(mostAway(done)).toBe(1);
  const now = await lab.inventory(NAME);
  checkInventory(now, plan({ generation: 2 }));
  expect(now.volumes).toEqual(old.volumes);
  expect(begun(await environment.preview())).toEqual([]);
});

test("two lanes roll two at a time, the gateways one after the other and after the workers", async () => {
  const workers = { generation: 3, maxUnavailable: 2 };
  environment.plan(plan(workers, { generation: 2 }));
  const done = await environment.up();
  report(NAME, "roll of four by two and of two gateways", done);
  expect(mostAway(done)).toBe(2);
  const steps = onServers(done);
  expect(steps.slice(-4)).toEqual(["gateway/0", "gateway/1"].flatMap(replaced));
  expect([...steps.slice(0, -4)].sort()).toEqual(
    [0, 1, 2, 3].flatMap((slot) => replaced(worker(slot))).sort(),
  );
});

test("a middle slot removed touches that slot only", async () => {
  environment.plan(plan({ generation: 3, maxUnavailable: 2, removed: [1] }, { generation: 2 }));
  const done = await environment.up();
  expect(onServers(done)).toEqual([`delete server/${worker(1)}`]);
  expect(begun(done).every((step) => step.startsWith("delete ") && step.includes(worker(1)))).toBe(true);
});

test("nothing is left", async () => {
  await environment.destroy({ withData: true });
  expect(await lab.inventory(NAME)).toEqual(before);
});
