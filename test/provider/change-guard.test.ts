import { DISRUPTIONS } from "../../environment/changes";
import { ChangeGuardHandler } from "../../provider/change-guard/handler";
import { matches } from "../../provider/change-guard/judge";
import { UNKNOWN, type PropertyMap } from "../../provider-protocol";
import type { Allowance, GuardedQuorum } from "../../provider/sdk";
import { fact, given, judged, logged, passed, refused, request } from "./guard-runs";

const GENERAL = "servers.workers.general";
const VOLUME_URN =
  "urn:pulumi:prod::labstead::labstead:infra:Storage$openstack:blockstorage/volume:Volume::v";

interface ServerFacts {
  readonly flavor?: string;
  readonly image?: string;
  readonly zone?: string;
  readonly generation?: number;
  readonly userData?: string;
}

function server({
  flavor = "m",
  image = "debian-12",
  zone = "",
  generation = 1,
  userData = "a1",
}: ServerFacts) {
  return {
    facts: {
      flavor: fact(flavor, "restart", `${GENERAL}.flavor`, "restarts"),
      image: fact(image, "later", "image", "does nothing to"),
      zone: fact(zone, "replace", `${GENERAL}.availabilityZones`, "deletes and makes anew"),
      userData: { ...fact(userData, "told", ""), opaque: true },
    },
    generation,
    roll: `${GENERAL}.generation`,
  } as const;
}

const one = (facts: ServerFacts, ...allow: readonly Allowance[]) =>
  given({ "server/workers.general/0": server(facts) }, ...allow);

describe("what is refused", () => {
  it("is reported in one text, with the setting, the effect on each server, and both remedies", async () => {
    const pool = (facts: ServerFacts) =>
      Object.fromEntries([0, 1].map((slot) => [`server/workers.general/${slot}`, server(facts)]));
    const volume = (type: string, size: string) => ({
      facts: {
        size: fact(size, "grow", `${GENERAL}.volumes.data.size`, "cannot be done to"),
        type: fact(type, "replace", `${GENERAL}.volumes.data.type`, "deletes with all data, and makes anew,"),
      },
      protected: VOLUME_URN,
    });
    const state = await passed({}, given({ ...pool({}), "volume/v": volume("", "100") }));
    const wanted = { ...pool({ flavor: "l", image: "debian-13" }), "volume/v": volume("ssd", "40") };
    expect(await refused(state, given(wanted))).toBe(
      `this would disturb what runs, so nothing was changed
  servers.workers.general.flavor: m → l restarts server/workers.general/0, server/workers.general/1
    to roll them one by one: count up servers.workers.general.generation
    to allow it as it is: changes.allow: [{ resource: server/workers.general/*, change: restart, to: l }]
  image: debian-12 → debian-13 does nothing to server/workers.general/0, server/workers.general/1
    to roll them one by one: count up servers.workers.general.generation
    to let them wait until they are rolled: changes.allow: [{ resource: server/workers.general/*, change: later, to: debian-13 }]
  servers.workers.general.volumes.data.size: 100 → 40 cannot be done to volume/v
    write 100 again; for less, make a new one beside it and move what is on it
  servers.workers.general.volumes.data.type: unset → ssd deletes with all data, and makes anew, volume/v
    to allow it as it is: changes.allow: [{ resource: volume/v, change: replace, to: ssd }]
    and it is protected: pulumi state unprotect '${VOLUME_URN}' -s prod`,
    );
  });

  it("names four, and counts the rest", async () => {
    const many = (flavor: string) =>
      given(Object.fromEntries([0, 1, 2, 3, 4].map((slot) => [`server/w/${slot}`, server({ flavor })])));
    expect(await refused(await passed({}, many("m")), many("l"))).toContain(
      "restarts server/w/0, server/w/1, server/w/2 and 2 more\n",
    );
  });

  it("suggests no more than what is meant", async () => {
    const volumes = (to: string) => {
      const facts = { type: fact(to, "replace", "type") };
      return given({
        "volume/w/0/data": { facts },
        "volume/w/1/data": { facts },
        "volume/w/0/swap": { facts: {} },
      });
    };
    expect(await refused(await passed({}, volumes("hdd")), volumes("ssd"))).toContain(
      "resource: volume/w/*/data, change",
    );
  });

  it("an interruption, though the pool is rolled as well: its address changes at once", async () => {
    const port = (address: string, generation: number) =>
      given({ p: { facts: { address: fact(address, "interrupt", "ranges") }, generation } });
    expect(await refused(await passed({}, port("10.0.0.1", 1)), port("10.0.0.2", 2))).toContain(
      "10.0.0.1 → 10.0.0.2",
    );
  });
});

describe("what passes", () => {
  it("everything that is new, gone, the same, or was not watched before", async () => {
    const before = await passed({}, given({ gone: server({}), old: { facts: {} } }));
    await passed(before, given({ fresh: server({}), old: server({}) }));
    expect(logged).toEqual([]);
  });

  it("what the configuration leaves open: it stays as it was, and another value later is another one", async () => {
    const open = await passed(await passed({}, one({ zone: "a" })), one({ zone: "" }));
    expect(await refused(open, one({ zone: "b" }))).toContain("a → b deletes and makes anew");
    await passed(open, one({ zone: "a" }));
  });

  it("what the generation rolls", async () => {
    const state = await passed({}, one({}));
    await passed(state, one({ flavor: "l", image: "debian-13", zone: "b", userData: "b2", generation: 2 }));
    expect(logged).toEqual([]);
  });

  it("what is allowed, and then is what the next change is compared with", async () => {
    const allowance = { resource: "server/workers.general/*", change: "restart", to: "l" } as const;
    const state = await passed(await passed({}, one({})), one({ flavor: "l" }, allowance));
    expect(logged).toEqual([]);
    expect(await refused(state, one({ flavor: "m" }, allowance))).toContain("l → m restarts");
  });

  it.each<[string, Allowance]>([
    ["another resource", { resource: "server/gluster/*", change: "restart", to: "l" }],
    ["another change", { resource: "server/workers.general/*", change: "replace", to: "l" }],
    ["another value", { resource: "server/workers.general/*", change: "restart", to: "xl" }],
  ])("not by an allowance of %s", async (_what, allowance) => {
    expect(await refused(await passed({}, one({})), one({ flavor: "l" }, allowance))).toContain("m → l");
  });

  it("what is fixed, with what to do instead, and no allowance lets it pass", async () => {
    const cluster = (name: string, ...allow: readonly Allowance[]) =>
      given(
        {
          cluster: {
            facts: {
              name: { ...fact(name, "fixed", "cluster.name", "renames"), instead: "or make another one" },
            },
          },
        },
        ...allow,
      );
    const before = await passed({}, cluster("lab"));
    const allowances = DISRUPTIONS.map((change) => ({ resource: "*", change, to: "other" }));
    expect(await refused(before, cluster("other", ...allowances))).toBe(
      `this would disturb what runs, so nothing was changed
  cluster.name: lab → other renames cluster
    write lab again; or make another one`,
    );
    expect(await passed(before, cluster("lab"))).toEqual(before);
  });

  it("a volume that grows, by number and not by text", async () => {
    const volume = (size: string) => given({ v: { facts: { size: fact(size, "grow", "size") } } });
    const state = await passed({}, volume("90"));
    await passed(state, volume("100"));
    expect(await refused(state, volume("9"))).toContain("90 → 9");
  });
});

describe("another release of Kubernetes", () => {
  const cluster = (version: string, [first, workers]: readonly [number, number]) => ({
    "server/controlPlane/0": {
      facts: { kubernetes: fact(version, "release", "cluster.version", "is not taken by") },
      generation: first,
      roll: "servers.controlPlane.generation",
    },
    "server/workers.general/0": {
      facts: { kubernetes: fact(version, "later", "cluster.version", "does nothing to") },
      generation: workers,
      roll: `${GENERAL}.generation`,
    },
  });
  const LATER = { resource: "server/workers.general/0", change: "later", to: "1.36" } as const;

  it("comes by the generations of all nodes, or of the control planes first", async () => {
    const state = await passed({}, given(cluster("1.35", [1, 1])));
    await passed(state, given(cluster("1.36", [2, 2])));
    const first = await passed(state, given(cluster("1.36", [2, 1]), LATER));
    expect(logged).toEqual([
      expect.stringContaining("cluster.version 1.35 → 1.36: server/workers.general/0"),
    ]);
    await passed(first, given(cluster("1.36", [2, 2])));
  });

  it("does not come to control planes that stay, whatever is allowed to wait", async () => {
    const state = await passed({}, given(cluster("1.35", [1, 1])));
    expect(await refused(state, given(cluster("1.36", [1, 1]))))
      .toBe(`this would disturb what runs, so nothing was changed
  cluster.version: 1.35 → 1.36 is not taken by server/controlPlane/0
    to roll them one by one: count up servers.controlPlane.generation
  cluster.version: 1.35 → 1.36 does nothing to server/workers.general/0
    to roll them one by one: count up servers.workers.general.generation
    to let them wait until they are rolled: changes.allow: [{ resource: server/workers.general/0, change: later, to: 1.36 }]`);
    const waiting = { ...LATER, resource: "server/*" };
    expect(await refused(state, given(cluster("1.36", [1, 2]), waiting))).toContain("is not taken by");
  });

  it("is the next one, whichever pool is rolled", async () => {
    const state = await passed({}, given(cluster("1.35", [1, 1])));
    expect(await refused(state, given(cluster("1.37", [2, 2]))))
      .toBe(`this would disturb what runs, so nothing was changed
  cluster.version: 1.35 → 1.37 is not taken by server/controlPlane/0
    a release is followed by the next one only, and by none before: write 1.36, or 1.35 again`);
  });

  it("is not the one before, unless a person allows it because no server has the new one", async () => {
    const state = await passed({}, given(cluster("1.36", [2, 2])));
    const back = cluster("1.35", [1, 1]);
    expect(await refused(state, given(back))).toBe(`this would disturb what runs, so nothing was changed
  cluster.version: 1.36 → 1.35 is not taken by server/controlPlane/0
    a release is followed by the next one only, and by none before: write 1.37, or 1.36 again
    to go back before a control plane has come to 1.36: set its generation back, and changes.allow: [{ resource: server/controlPlane/0, change: release, to: 1.35 }]`);
    await passed(state, given(back, { resource: "server/controlPlane/0", change: "release", to: "1.35" }));
  });
});

describe("what it reports", () => {
  const LATER = { resource: "server/*", change: "later", to: "debian-13" } as const;

  it("what a server still is, in each run until it is rolled", async () => {
    let state = await passed(await passed({}, one({})), one({ image: "debian-13", userData: "b2" }, LATER));
    const lagging = `info: configured, and waiting until the next generation of
  image debian-12 → debian-13: server/workers.general/0
  other user data: server/workers.general/0
  to roll them one by one: count up servers.workers.general.generation`;
    expect(logged).toEqual([lagging]);
    state = await passed(state, one({ image: "debian-13", userData: "b2" }));
    expect(logged).toEqual([lagging, lagging]);
    const rolled = await passed(state, one({ image: "debian-13", userData: "b2", generation: 2 }));
    await passed(rolled, one({ image: "debian-13", userData: "b2", generation: 2 }));
    expect(logged).toHaveLength(2);
  });

  it("nothing any more when the configuration goes back to what was", async () => {
    const state = await passed(await passed({}, one({})), one({ image: "debian-13" }, LATER));
    logged.splice(0);
    await passed(state, one({ image: "debian-12" }));
    expect(logged).toEqual([]);
  });

  it("what it was first made with, through several images", async () => {
    const state = await passed(await passed({}, one({})), one({ image: "debian-13" }, LATER));
    logged.splice(0);
    await passed(state, one({ image: "debian-14" }, { ...LATER, to: "debian-14" }));
    expect(logged[0]).toContain("image debian-12 → debian-14: server");
  });

  it("that the API's address is no longer asked for, and how to keep it", async () => {
    const address = given({ "floating-ip/vip/api": { facts: {}, protected: "urn:api" } });
    await passed(await passed({}, address), given({}));
    expect(logged).toEqual([
      [
        "warning: no longer configured, and protected: floating-ip/vip/api",
        "  the API's VIP has a floating IP while access from outside is allowed; cluster.api.floatingIp: true keeps it, and allows no access",
        "  where a key was renamed, add under the new one `formerly:` with the old one, and all stays",
        "  else put it back; or, if what is in it is not needed, unprotect it as the engine says",
      ].join("\n"),
    ]);
  });

  it("that something protected is no longer configured, and what a rename takes", async () => {
    const before = await passed(
      {},
      given({ "volume/a": { facts: {}, protected: VOLUME_URN }, b: { facts: {} } }),
    );
    await passed(before, given({}));
    expect(logged).toEqual([
      expect.stringMatching(/^warning: no longer configured, and protected: volume\/a\n/),
    ]);
    expect(logged[0]).toContain("`formerly:`");
  });

  it("an allowance that fits nothing", async () => {
    await passed(await passed({}, one({})), one({}, LATER));
    expect(logged).toEqual([
      "warning: changes.allow: { resource: server/*, change: later, to: debian-13 } fits no change of this run; remove it if the change is done",
    ]);
  });
});

test.each<[string, string, boolean]>([
  ["server/*", "server/a/0", true],
  ["*", "anything", true],
  ["a*c", "abc", true],
  ["a*c*e", "abcde", true],
  ["a*c*e", "ace", true],
  ["ab*ba", "aba", false],
  ["a*bc*c", "abc", false],
  ["server", "server/a", false],
  ["server/a", "server/a", true],
  ["*/0", "server/a/1", false],
])("%s fits %s: %s", (pattern, key, expected) => {
  expect(matches(pattern, key)).toBe(expected);
});

describe("its life", () => {
  it("keeps in state what the next run compares, and neither texts nor allowances", async () => {
    const state = await passed({}, one({}, { resource: "x", change: "later", to: "y" }));
    expect(state).toEqual({
      guarded: {
        "server/workers.general/0": {
          generation: 1,
          facts: { flavor: "m", image: "debian-12", zone: "", userData: "a1" },
        },
      },
    });
  });

  it("knows whether it was asked, and refused nothing", async () => {
    const guard = new ChangeGuardHandler();
    const { urn } = request({}, one({}));
    expect(guard.judgement(urn)).toEqual({ judged: false, hasRecord: false });
    const { inputs } = await guard.check(request({}, one({})));
    expect(guard.judgement(urn)).toEqual({ judged: true, hasRecord: false });
    expect(guard.judgement(`${urn}-2`)).toEqual({ judged: false, hasRecord: false });
    await guard.check(request(inputs, one({ flavor: "l" })));
    expect(guard.judgement(urn)).toEqual({ judged: false, hasRecord: true });
  });

  it.each<[string, PropertyMap, string]>([
    ["unknown facts", { guarded: { s: UNKNOWN }, allow: [] }, "guarded"],
    [
      "a fact without a value",
      { guarded: { s: { facts: { flavor: { change: "later" } } } }, allow: [] },
      "guarded",
    ],
    [
      "another kind of change",
      { guarded: {}, allow: [{ resource: "s", change: "explode", to: "x" }] },
      "allow",
    ],
    ["another input", { guarded: {}, allow: [], more: true }, "more"],
  ])("refuses %s", async (_what, inputs, property) => {
    const { failures = [] } = await judged({}, inputs);
    expect(failures.map((each) => each.property)).toEqual([property]);
  });

  it("cannot be imported, and a refresh leaves it as it is", async () => {
    const guard = new ChangeGuardHandler();
    const common = { ...request({}, {}), timeoutSeconds: undefined, signal: new AbortController().signal };
    const inputs = await passed({}, one({}));
    expect(await guard.read({ ...common, id: "changes", inputs, state: {} })).toEqual({
      id: "changes",
      inputs,
      outputs: {},
    });
    expect(() => guard.read({ ...common, id: "changes", inputs: {}, state: {} })).toThrow(
      "ChangeGuard cannot be imported: let `up` make it",
    );
  });
});

describe("servers that hold data together", () => {
  const control = (slots: readonly number[], data: GuardedQuorum["data"], generation = 1): PropertyMap => {
    const guarded = slots.map((slot) => [
      `server/controlPlane/${String(slot)}`,
      { facts: { flavor: fact("m", "restart", "servers.controlPlane.flavor") }, generation },
    ]);
    const at = { of: "server/controlPlane/", at: "servers.controlPlane", name: "etcd" };
    const quorums: readonly GuardedQuorum[] = [{ ...at, holds: "all that is in the cluster", data }];
    const inputs = { guarded: Object.fromEntries(guarded) as object, allow: [], quorums };
    return JSON.parse(JSON.stringify(inputs)) as PropertyMap;
  };

  it("is reported: the first, one out of the middle, two at once", async () => {
    const before = await passed({}, control([0, 1, 2], "lost"));
    expect(logged).toEqual([]);
    const reported = async (...slots: readonly number[]): Promise<string | undefined> => {
      await passed(before, control(slots, "lost"));
      return logged.splice(0)[0];
    };
    const end = "is taken out of etcd before its server goes, and only while the majority answers";
    expect(await reported(0)).toBe(
      `info: servers.controlPlane: server/controlPlane/1, then server/controlPlane/2 leave one after the other, and 1 stays; each ${end}`,
    );
    expect(await reported(1, 2)).toBe(
      `info: servers.controlPlane: server/controlPlane/0 leaves, and 2 stay; each ${end}`,
    );
    expect(await reported(0, 2, 3)).toBe(
      `info: servers.controlPlane: server/controlPlane/1 leaves, and 2 stay; each ${end}`,
    );
    expect(await reported(0, 1, 2)).toBeUndefined();
  });

  it("stops where none of them stays", async () => {
    const before = await passed({}, control([0], "kept"));
    expect(await refused(before, control([1], "kept")))
      .toBe(`this would disturb what runs, so nothing was changed
  servers.controlPlane: none of server/controlPlane/0 stays, and with the last one all that is in the cluster is lost
    add the new ones in one up, and take the old ones out in the next: what is added takes over what is there`);
  });

  it.each([
    ["the only one", [0], [0]],
    ["the one that stays", [0, 1, 2], [0]],
    ["the one that others are to join", [0], [0, 1, 2]],
  ] as const)("stops where %s is recreated without a volume", async (_, was, is) => {
    const before = await passed({}, control(was, "lost"));
    const text = await refused(before, control(is, "lost", 2));
    expect(text).toBe(`this would disturb what runs, so nothing was changed
  servers.controlPlane: server/controlPlane/0 is recreated without a volume for all that is in the cluster, which is lost with it: no other one has it before and after
    write servers.controlPlane.min: 3 and up, then count up servers.controlPlane.generation and up, then write servers.controlPlane.min as it is to be`);
    await passed(await passed({}, control(was, "kept")), control(is, "kept", 2));
  });

  it("lets several be recreated in turns, with or without their data", async () => {
    const before = await passed({}, control([0, 1, 2], "lost"));
    await passed(before, control([0, 1, 2], "lost", 2));
  });
});
