/** What the guard watches of servers beside what OpenStack takes: who leaves, and what they were made with. */
import type { PropertyMap } from "../../provider-protocol";
import type { Allowance, GuardedHolder } from "../../provider/sdk";
import { fact, given, logged, passed, refused } from "./guard-runs";

const GENERAL = "servers.workers.general";

describe("servers that hold what goes with them", () => {
  const pool = (keeps: GuardedHolder["keeps"], slots: readonly number[], ...allow: readonly Allowance[]) => {
    const guarded = slots.map((slot) => [`server/gluster/${String(slot)}`, { facts: {} }]);
    const holder = { of: "server/gluster/", at: "servers.gluster", keeps };
    const holders = [{ ...holder, effect: "with its bricks", instead: "take them out first" }];
    const inputs = { guarded: Object.fromEntries(guarded) as object, allow, holders };
    return JSON.parse(JSON.stringify(inputs)) as PropertyMap;
  };

  it.each<[string, readonly number[], string]>([
    ["one", [0, 1], "server/gluster/2 leaves"],
    ["several", [0], "server/gluster/1, server/gluster/2 leave"],
    ["the whole pool", [], "server/gluster/0, server/gluster/1, server/gluster/2 leave"],
    ["one for another", [0, 1, 3], "server/gluster/2 leaves"],
  ])("stop where %s leaves", async (_what, slots, text) => {
    const before = await passed({}, pool("all", [0, 1, 2]));
    expect(await refused(before, pool("all", slots))).toContain(`servers.gluster: ${text} with its bricks`);
  });

  it("say what to do first, and the allowance for what is meant, which lets them go", async () => {
    const before = await passed({}, pool("all", [0, 1, 2]));
    expect(await refused(before, pool("all", [0, 1]))).toBe(
      `this would disturb what runs, so nothing was changed
  servers.gluster: server/gluster/2 leaves with its bricks
    take them out first
    to allow it as it is: changes.allow: [{ resource: server/gluster/2, change: replace, to: removed }]`,
    );
    const allowance = { resource: "server/gluster/2", change: "replace", to: "removed" } as const;
    const after = await passed(before, pool("all", [0, 1], allowance));
    expect(logged).toEqual([]);
    expect(await refused(after, pool("all", [0]))).toContain("server/gluster/1 leaves");
  });

  it("may go one by one where one of them is enough, but not the last of those that run", async () => {
    const before = await passed({}, pool("one", [0, 1]));
    await passed(before, pool("one", [1, 2]));
    expect(await refused(before, pool("one", [2, 3]))).toContain("server/gluster/0, server/gluster/1 leave");
    expect(await refused(before, pool("one", []))).toContain("server/gluster/0, server/gluster/1 leave");
    await passed(before, pool("one", [0, 1, 2]));
  });
});

describe("what a server was made with", () => {
  const node = (
    facts: Readonly<Record<string, string>>,
    more: { readonly generation?: number; readonly programs?: string } = {},
  ) => {
    const { generation = 1, programs = "a.service" } = more;
    const { maxPods = "110", labels = "none", userData = "u1" } = facts;
    const guarded = {
      "server/workers.general/0": {
        facts: {
          maxPods: fact(maxPods, "told", "cluster.nodes.maxPods"),
          labels: { ...fact(labels, "told", `${GENERAL}.labels`), explains: ["userData"] },
          userData: { ...fact(userData, "told", ""), opaque: true },
          programs: fact(programs, "rolled", GENERAL, "needs programs that are not there, at"),
        },
        generation,
        roll: `${GENERAL}.generation`,
      },
    };
    return given(guarded);
  };

  it("is named by its settings, with the generation to count up", async () => {
    await passed(await passed({}, node({})), node({ maxPods: "120", labels: "disk=ssd", userData: "u2" }));
    expect(logged).toEqual([
      `info: configured, and waiting until the next generation of
  servers.workers.general.labels none → disk=ssd: server/workers.general/0
  cluster.nodes.maxPods 110 → 120: server/workers.general/0
  to roll them one by one: count up servers.workers.general.generation`,
    ]);
  });

  it("is other user data where no setting says why", async () => {
    await passed(await passed({}, node({})), node({ maxPods: "120", userData: "u2" }));
    expect(logged[0]).toContain("\n  other user data: server/workers.general/0\n");
  });

  it("has the programs for what is pushed: more of them stop, unless it is rolled; fewer do not", async () => {
    const before = await passed({}, node({}));
    const more = { programs: "a.service, b.service" };
    expect(await refused(before, node({}, more))).toBe(`this would disturb what runs, so nothing was changed
  servers.workers.general: a.service → a.service, b.service needs programs that are not there, at server/workers.general/0
    to roll them one by one: count up servers.workers.general.generation`);
    const rolled = await passed(before, node({}, { ...more, generation: 2 }));
    await passed(rolled, node({}, { programs: "b.service", generation: 2 }));
  });

  it("may change from a value that nothing depends on", async () => {
    const shared = (value: string) => {
      const kind = { ...fact(value, "replace", "storage.shared.kind"), free: ["none"] };
      return given({ "storage.shared.kind": { facts: { value: kind } } });
    };
    const gluster = await passed(await passed({}, shared("none")), shared("gluster"));
    expect(await refused(gluster, shared("none"))).toContain(
      "  storage.shared.kind: gluster → none disturbs\n    to allow it as it is: changes.allow: [{ resource: storage.shared.kind, change: replace, to: none }]",
    );
  });
});
