/** Control planes leave etcd before their servers go: in the order of the real engine, over an etcd that is as strict as a real one. */
import type { EnvironmentPlan } from "../../environment/plan/types";
import { planWith } from "../infra/plans";
import { ended, type Moment } from "./moments";
import { RollingLab } from "./rolling-lab";

type Json = Readonly<Record<string, unknown>>;

const VOLUME = {
  etcd: { size: "20Gi", use: { kind: "filesystem", mountPoint: "/var/lib/etcd" }, protect: false },
};

function plan(controlPlane: Json, cluster: Json = {}): EnvironmentPlan {
  return planWith({
    servers: {
      bastion: { flavor: "tiny", floatingIp: true },
      gateway: { flavor: "small", min: 2 },
      controlPlane: { flavor: "medium", ...controlPlane },
      workers: { general: { flavor: "large", min: 1 } },
    },
    edge: { kind: "none" },
    ...cluster,
  });
}

const node = (slot: number): string => `dev-control-plane-${String(slot)}`;
const at = (moments: readonly Moment[], step: string): number =>
  moments.findIndex((each) => each.at === "ends" && each.step === step);
const begins = (moments: readonly Moment[], step: string): number =>
  moments.findIndex((each) => each.at === "begins" && each.step === step);

let lab: RollingLab;
/** Members that had no server, or an etcd without a majority, when another one was removed. */
let wrong: string[];
beforeEach(async () => {
  lab = new RollingLab();
  lab.formedByServers = true;
  await lab.open({ latencyMilliseconds: 30 });
  wrong = [];
  lab.etcd.watch = (removed) => {
    lab.nodes.done.push(`leave ${removed}`);
    if (!lab.etcd.hasQuorum) wrong.push(`no majority after ${removed}`);
    if (lab.serverId(removed) === undefined) wrong.push(`${removed} had no server any more`);
  };
});
afterEach(async () => {
  expect(wrong).toEqual([]);
  await lab.close();
});

const left = (...slots: readonly number[]): readonly string[] =>
  slots.flatMap((slot) => [`cordon ${node(slot)}`, `remove ${node(slot)}`, `leave ${node(slot)}`]);

/** What was done to nodes, whoever of several came first. */
function oneAfterTheOther(...slots: readonly number[]): void {
  const [first] = lab.nodes.done;
  const order = first === `cordon ${node(slots[0] ?? 0)}` ? slots : [...slots].reverse();
  expect(lab.nodes.done).toEqual(left(...order));
  lab.nodes.done.length = 0;
}

test.each([
  ["with all that the engine can do at once", 16, false],
  ["by an engine that does one thing at a time", 1, false],
  ["in the first up of this release", 16, true],
] as const)(
  "three to one %s: one after the other, each member gone before its server",
  async (_, parallel, old) => {
    lab.withoutMembers = old;
    await lab.up(plan({ min: 3 }));
    lab.withoutMembers = false;
    const moments = await lab.up(plan({ min: 1 }), { parallel });
    oneAfterTheOther(1, 2);
    for (const slot of [1, 2])
      expect(at(moments, `delete ready/controlPlane/${String(slot)}`)).toBeLessThan(
        begins(moments, `delete server/controlPlane/${String(slot)}`),
      );
    expect([...lab.etcd.members.keys()]).toEqual([node(0)]);
    expect(await lab.up(plan({ min: 1 }))).toEqual([]);
  },
);

test("five to three without the founder, and one out of the middle", async () => {
  await lab.up(plan({ min: 5 }));
  await lab.up(plan({ min: 5, removed: [0, 3] }));
  oneAfterTheOther(0, 3);
  expect([...lab.etcd.members.keys()].sort()).toEqual([1, 2, 4].map(node));
});

test("a volume for etcd is detached after its member has gone", async () => {
  await lab.up(plan({ min: 3, volumes: VOLUME }));
  const moments = await lab.up(plan({ min: 1, volumes: VOLUME }));
  oneAfterTheOther(1, 2);
  for (const slot of [1, 2])
    expect(at(moments, `delete ready/controlPlane/${String(slot)}`)).toBeLessThan(
      begins(moments, `delete attachment/controlPlane/${String(slot)}/etcd`),
    );
});

test("a balancer of Octavia no longer leads to who leaves, before it is touched", async () => {
  const octavia = { cluster: { kind: "own", api: { kind: "octavia" } } };
  await lab.up(plan({ min: 3 }, octavia));
  const moments = await lab.up(plan({ min: 1 }, octavia));
  oneAfterTheOther(1, 2);
  const members = ended(moments).filter((step) => step.startsWith("delete member/api/"));
  expect(members).toHaveLength(2);
  const gates = [1, 2].map((slot) => begins(moments, `delete ready/controlPlane/${String(slot)}`));
  expect(Math.max(...members.map((step) => at(moments, step)))).toBeLessThan(Math.min(...gates));
});

test("where the majority would be lost nothing is touched; it goes on when all answer", async () => {
  await lab.up(plan({ min: 3 }));
  const before = lab.ids;
  lab.silent.add(node(0));
  const { moments, output } = await lab.failing(plan({ min: 1 }));
  expect(output).toContain('etcd of cluster "dev/dev" would stop without dev-control-plane-');
  expect(output).toContain("was not touched: dev-control-plane-");
  expect(lab.nodes.done).toEqual([]);
  expect(ended(moments).filter((step) => step.startsWith("delete"))).toEqual([]);
  for (const key of ["server/controlPlane/1", "server/controlPlane/2"])
    expect(lab.ids.get(key)).toBe(before.get(key));
  lab.silent.clear();
  await lab.up(plan({ min: 1 }));
  oneAfterTheOther(1, 2);
});

test("a roll without volumes: each leaves, is recreated and is a member again before the next", async () => {
  await lab.up(plan({ min: 3 }));
  await lab.up(plan({ min: 3, generation: 2 }));
  expect(lab.nodes.done).toEqual(left(0, 1, 2));
  expect([...lab.etcd.members.keys()].sort()).toEqual([0, 1, 2].map(node));
});

test("a roll with volumes: each comes back as the member that it was; the only one too", async () => {
  await lab.up(plan({ min: 3, volumes: VOLUME }));
  await lab.up(plan({ min: 3, volumes: VOLUME, generation: 2 }));
  expect(lab.nodes.done).toEqual(left(0, 1, 2).filter((step) => !step.startsWith("leave")));
  await lab.up(plan({ min: 1, volumes: VOLUME, generation: 2 }));
  lab.nodes.done.length = 0;
  await lab.up(plan({ min: 1, volumes: VOLUME, generation: 3 }));
  expect(lab.nodes.done).toEqual([`cordon ${node(0)}`, `remove ${node(0)}`]);
});

test("a destroy of everything asks nobody", async () => {
  await lab.up(plan({ min: 3 }));
  lab.etcd.asked.length = 0;
  await lab.destroy();
  expect(lab.etcd.asked).toEqual([]);
  expect(lab.state).toEqual([]);
});
