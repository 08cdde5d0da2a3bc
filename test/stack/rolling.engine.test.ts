/** Servers are replaced in turns: seen in the order of the real engine's events, and in the journal of the built-in cloud. */
import type { EnvironmentPlan } from "../../environment/plan/types";
import { planWith } from "../infra/plans";
import { absences, ended, mostAway, type Moment } from "./moments";
import { RollingLab } from "./rolling-lab";

type Json = Readonly<Record<string, unknown>>;

const LATENCY = { latencyMilliseconds: 60 };
const WORKERS: Json = {
  flavor: "large",
  min: 3,
  volumes: { data: { size: "100Gi", use: { kind: "raw" }, protect: false } },
};

function plan(workers: Json = {}, pools: Json = {}): EnvironmentPlan {
  return planWith({
    servers: {
      bastion: { flavor: "tiny", floatingIp: true },
      gateway: { flavor: "small", min: 2, ...of(pools, "gateway") },
      controlPlane: { flavor: "medium", min: 3, ...of(pools, "controlPlane") },
      workers: { general: { ...WORKERS, ...workers } },
      ...of(pools, "more"),
    },
    edge: { kind: "none" },
  });
}

function of(pools: Json, name: string): Json {
  return (pools[name] ?? {}) as Json;
}

const worker = (slot: number) => `workers.general/${slot}`;
const workers = (...slots: readonly number[]) => slots.map(worker);
const node = (slot: number) => `dev-worker-general-${slot}`;
const drained = (...slots: readonly number[]) =>
  slots.flatMap((slot) => [`cordon ${node(slot)}`, `remove ${node(slot)}`]);

const is = (at: Moment["at"], step: string) => (moment: Moment) => moment.at === at && moment.step === step;

/** One slot's part of a roll. */
const rolled = (key: string) => [
  `delete ready/${key}`,
  `delete attachment/${key}/data`,
  `delete server/${key}`,
  `create server/${key}`,
  `create attachment/${key}/data`,
  `create ready/${key}`,
];

describe("a pool of workers", () => {
  const lab = new RollingLab();
  beforeAll(() => lab.open(LATENCY));
  afterAll(() => lab.close());
  beforeEach(() => (lab.nodes.done.length = 0));

  test("is made all at once, and nobody is emptied or waited for", async () => {
    const moments = await lab.up(plan());
    const begins = workers(0, 1, 2).map((key) => moments.findIndex(is("begins", `create server/${key}`)));
    const ready = workers(0, 1, 2).map((key) => moments.findIndex(is("ends", `create ready/${key}`)));
    expect(Math.max(...begins)).toBeLessThan(Math.min(...ready));
    expect(lab.nodes.done).toEqual([]);
    expect(await lab.up(plan())).toEqual([]);
  });

  test("is rolled one slot at a time; volumes, ports and addresses stay", async () => {
    const before = lab.ids;
    const seen = lab.journal.length;
    const foretold = ended(await lab.preview(plan({ generation: 2 })));
    const moments = await lab.up(plan({ generation: 2 }));
    const steps = ["update rollout", ...workers(0, 1, 2).flatMap(rolled)];
    expect(ended(moments)).toEqual(steps);
    expect([...foretold].sort()).toEqual([...steps].sort());
    expect(mostAway(absences(moments))).toBe(1);
    expect(lab.nodes.done).toEqual(drained(0, 1, 2));
    const after = lab.ids;
    const moved = [...before].filter(([name, id]) => after.get(name) !== id).map(([name]) => name);
    expect(moved.sort()).toEqual(
      workers(0, 1, 2)
        .flatMap((key) => [`attachment/${key}/data`, `ready/${key}`, `server/${key}`])
        .sort(),
    );
    // What the cloud itself wrote: no server goes before the one ahead of it is there.
    const servers = lab.journal
      .slice(seen)
      .filter(({ record }) => record.urn.includes("::server/"))
      .map(({ gone, record }) => `${gone ? "gone" : "there"} ${record.urn.split("::server/")[1] ?? ""}`)
      .filter((line, position, all) => line !== all[position - 1]);
    expect(servers).toEqual(workers(0, 1, 2).flatMap((key) => [`gone ${key}`, `there ${key}`]));
    expect(await lab.up(plan({ generation: 2 }))).toEqual([]);
  });

  test("records no dependency between its slots", () => {
    const own = (urn: string) => /workers\.general\/(\d)/.exec(urn)?.[1];
    const between = lab.state.flatMap(({ urn, dependencies = [] }) =>
      dependencies.filter(
        (each) => own(each) !== undefined && own(urn) !== undefined && own(each) !== own(urn),
      ),
    );
    expect(between).toEqual([]);
  });

  test("loses a slot in the middle without a step at another, its node emptied first, and gets it back so", async () => {
    const moments = ended(await lab.up(plan({ generation: 2, removed: [1] })));
    const key = worker(1);
    const own = [
      `attachment/${key}/data`,
      `port/${key}`,
      `ready/${key}`,
      `server/${key}`,
      `volume/${key}/data`,
    ];
    expect([...moments].sort()).toEqual(own.map((each) => `delete ${each}`));
    expect(moments[0]).toBe(`delete ready/${key}`);
    expect(lab.nodes.done).toEqual(drained(1));
    const back = ended(await lab.up(plan({ generation: 2 })));
    expect([...back].sort()).toEqual(own.map((each) => `create ${each}`));
  });

  test("is rolled in two lanes where two may be away, whatever else the engine could do at once", async () => {
    const four = { min: 4, maxUnavailable: 2 };
    await lab.up(plan({ ...four, generation: 2 }));
    lab.nodes.done.length = 0;
    const moments = await lab.up(plan({ ...four, generation: 3 }), { parallel: 16 });
    const away = absences(moments);
    expect(away.map(({ server }) => server).sort()).toEqual(workers(0, 1, 2, 3));
    expect(mostAway(away)).toBe(2);
    const lane = (...slots: readonly number[]) =>
      away.filter(({ server }) => workers(...slots).includes(server));
    expect(mostAway(lane(0, 2))).toBe(1);
    expect(mostAway(lane(1, 3))).toBe(1);
    await lab.up(plan({ generation: 3 }));
  });

  test("is rolled by an engine that does one thing at a time, too", async () => {
    const moments = await lab.up(plan({ generation: 4 }), { parallel: 1 });
    expect(absences(moments).map(({ server }) => server)).toEqual(workers(0, 1, 2));
    expect(mostAway(absences(moments))).toBe(1);
  });

  test("is restarted in turns when its flavor changes, without being emptied", async () => {
    const steps = ended(await lab.up(plan({ generation: 4, flavor: "huge" })));
    expect(steps).toEqual(["update rollout", ...workers(0, 1, 2).map((key) => `update server/${key}`)]);
    expect(lab.nodes.done).toEqual([]);
    await lab.up(plan({ generation: 4 }));
  });

  test("asks by the newest kubeconfig, whose renewal is no change", async () => {
    lab.token = "renewed";
    expect(await lab.up(plan({ generation: 4 }))).toEqual([]);
    lab.nodes.tokens.length = 0;
    await lab.up(plan({ generation: 5 }));
    expect(new Set(lab.nodes.tokens)).toEqual(new Set(["renewed"]));
  });

  test("keeps its servers while their cluster does not answer, but for a destroy of everything", async () => {
    lab.nodes.seen.set(node(0), { kind: "waiting", answer: "no answer in time" });
    const before = lab.ids;
    const { moments, output } = await lab.failing(plan({ generation: 6 }));
    expect(ended(moments)).toEqual(["update rollout"]);
    expect(lab.ids).toEqual(before);
    expect(output)
      .toContain(`cluster "dev/dev" does not let node ${node(0)} be emptied, so its server was not touched
asked: https://api.lab:8888/api/v1/nodes/${node(0)}
last answer: no answer in time`);
    lab.nodes.tokens.length = 0;
    await lab.destroy();
    expect(lab.nodes.tokens).toEqual([]);
    expect(lab.state).toEqual([]);
  });
});

describe("a roll that is interrupted", () => {
  const lab = new RollingLab();
  afterAll(() => lab.close());
  const second = plan({ generation: 2 });

  test("stops where a server cannot be made, and goes on there", async () => {
    await lab.open();
    await lab.up(plan());
    const type = "openstack:compute/instance:Instance";
    await lab.open({ faults: [{ type, name: `server/${worker(1)}`, message: "no valid host was found" }] });
    const { moments, output } = await lab.failing(second);
    expect(output).toContain("no valid host was found");
    expect(ended(moments)).toEqual([
      "update rollout",
      ...rolled(worker(0)),
      ...rolled(worker(1)).slice(0, 3),
    ]);
    const first = lab.ids.get(`server/${worker(0)}`);
    expect(lab.nodes.done).toEqual(drained(0, 1));
    const rest = ended(await lab.up(second));
    // What went before the fault is reported again, and found done.
    const reported = rolled(worker(1)).filter((step) => step !== `delete server/${worker(1)}`);
    expect(rest).toEqual([...reported, ...rolled(worker(2))]);
    expect(lab.nodes.done).toEqual(drained(0, 1, 2));
    expect(lab.ids.get(`server/${worker(0)}`)).toBe(first);
    expect(await lab.up(second)).toEqual([]);
  });

  test("stops where a node does not come back, and waits for it again before it goes on", async () => {
    lab.formedByServers = true;
    const third = plan({ generation: 3 });
    lab.nodes.seen.set(node(0), { kind: "present", uid: "u", ready: false, providerId: "" });
    const failed = await lab.failing(third);
    expect(failed.output).toContain(
      `node ${node(0)} is not back 0.2 s after its server was recreated; no other server was touched after it
last answer: it is not Ready`,
    );
    expect(ended(failed.moments)).toEqual(["update rollout", ...rolled(worker(0)).slice(0, 5)]);
    const again = await lab.failing(third);
    expect(ended(again.moments)).toEqual([]);
    lab.nodes.seen.clear();
    expect(ended(await lab.up(third))).toEqual([
      `create ready/${worker(0)}`,
      ...workers(1, 2).flatMap(rolled),
    ]);
    expect(await lab.up(third)).toEqual([]);
    lab.formedByServers = false;
  });

  test("goes back in turns as well", async () => {
    lab.nodes.seen.set(node(1), { kind: "waiting", answer: "no answer in time" });
    const { moments } = await lab.failing(plan({ generation: 4 }));
    expect(absences(moments).map(({ server }) => server)).toEqual(workers(0, 1));
    lab.nodes.seen.clear();
    const back = await lab.up(plan({ generation: 3 }));
    expect(ended(back)).toEqual(["update rollout", ...rolled(worker(0))]);
  });
});

describe("several pools at once", () => {
  const lab = new RollingLab();
  beforeAll(() => lab.open(LATENCY));
  afterAll(() => lab.close());
  const gluster = { flavor: "large", min: 3, volumes: { brick: { size: "100Gi", use: { kind: "raw" } } } };
  const pools = (generation: number) =>
    plan(
      { generation, maxUnavailable: 2 },
      {
        gateway: { generation },
        controlPlane: { generation },
        more: {
          bastion: { flavor: "tiny", floatingIp: true, generation },
          gluster: { ...gluster, generation },
        },
      },
    );

  test("are rolled one after the other: the control plane first, the ways in last; addresses stay", async () => {
    await lab.up(pools(1));
    const before = lab.ids;
    const away = absences(await lab.up(pools(2)));
    const inTheirPools = away.map(({ server }) => server.split("/")[0]);
    const order = ["controlPlane", "workers.general", "gluster", "gateway", "bastion"];
    expect([...new Set(inTheirPools)]).toEqual(order);
    const ofPool = (pool: string) => away.filter(({ server }) => server.startsWith(`${pool}/`));
    expect(order.map((pool) => mostAway(ofPool(pool)))).toEqual([1, 2, 1, 1, 1]);
    order.slice(1).forEach((pool, position) => {
      const ends = ofPool(order[position] ?? "").map(({ to }) => to);
      const begins = ofPool(pool).map(({ from }) => from);
      expect(Math.max(...ends)).toBeLessThan(Math.min(...begins));
    });
    const kept = [...before.keys()].filter((name) => /^(port|volume|floating-ip|association)\//.test(name));
    expect(kept.length).toBeGreaterThan(15);
    for (const name of kept) expect([name, lab.ids.get(name)]).toEqual([name, before.get(name)]);
  });

  test("say what is wrong with a kubeconfig, and nothing of what is in it", async () => {
    [lab.user, lab.token] = ["somebody", "hidden-word"];
    const { output } = await lab.failing(pools(2));
    expect(output).toContain('kubeconfig has no entry "admin" in users; check current-context');
    expect(output).not.toContain("hidden-word");
  });
});
