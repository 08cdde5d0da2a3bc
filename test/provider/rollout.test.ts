/** Who is in turns: those who were there before something of them changed, and no others. */
import { rolloutHandler } from "../../provider/rollout/handler";
import type { PropertyMap } from "../../provider-protocol";

const rollout = rolloutHandler();
const logged: string[] = [];
beforeEach(() => (logged.length = 0));

const common = {
  urn: "urn:pulumi:prod::labstead::labstead:index:Rollout::rollout",
  type: "labstead:index:Rollout",
  name: "rollout",
  log: (severity: string, message: string): void => void logged.push(`${severity}: ${message}`),
  timeoutSeconds: undefined,
  signal: new AbortController().signal,
};

function inputs(
  servers: Readonly<Record<string, PropertyMap>>,
  pools: readonly string[][][] = [],
): PropertyMap {
  return { servers, pools };
}

const update = (before: PropertyMap, after: PropertyMap, oldState: PropertyMap = { inTurns: [] }) =>
  rollout.update({
    ...common,
    id: "rollout",
    preview: false,
    oldInputs: before,
    newInputs: after,
    oldState,
    ignoreChanges: [],
  });

const changes = async (before: PropertyMap, after: PropertyMap) => {
  const asked = {
    ...common,
    id: "rollout",
    oldInputs: before,
    newInputs: after,
    oldState: {},
    ignoreChanges: [],
  };
  return Object.keys((await rollout.diff(asked)).changes);
};

const TWO = { "w/0": { generation: 1, flavor: "l" }, "w/1": { generation: 1, flavor: "l" } };

test("at first no server is in turns", async () => {
  const made = await rollout.create({ ...common, preview: false, inputs: inputs(TWO) });
  expect(made.outputs).toEqual({ inTurns: [] });
});

test("those who change are, and stay so; those who are new are not, those who went are forgotten", async () => {
  const second = inputs({
    "w/0": { generation: 2, flavor: "l" },
    "w/1": TWO["w/1"],
    "w/2": { generation: 2 },
  });
  expect(await update(inputs(TWO), second)).toEqual({ inTurns: ["w/0"] });
  expect(await update(second, inputs(TWO), { inTurns: ["w/0", "w/2"] })).toEqual({ inTurns: ["w/0"] });
  const others = inputs({ "w/10": { generation: 2 }, "w/9": { generation: 2 } });
  const before = inputs({ "w/10": { generation: 1 }, "w/9": { generation: 1 } });
  expect(await update(before, others, { inTurns: ["w/0"] })).toEqual({ inTurns: ["w/9", "w/10"] });
});

test("only a change of who was there is shown, by what changed", async () => {
  expect(await changes(inputs(TWO), inputs(TWO))).toEqual([]);
  expect(await changes(inputs(TWO), inputs({ ...TWO, "w/2": { generation: 1 } }, [[["w/2"]]]))).toEqual([]);
  expect(await changes(inputs(TWO), inputs({ "w/1": TWO["w/1"] }))).toEqual([]);
  expect(await changes(inputs(TWO), inputs({ ...TWO, "w/1": { generation: 2, zone: "a" } }))).toEqual([
    'servers["w/1"].flavor',
    'servers["w/1"].generation',
    'servers["w/1"].zone',
  ]);
});

test("what is replaced is reported in its order; a restart is not", async () => {
  const pools = [[["c/0", "c/1"]], [["w/0", "w/2"], ["w/1"]]];
  const servers = (generation: number, flavor: string) =>
    Object.fromEntries(["c/0", "c/1", "w/0", "w/1", "w/2"].map((key) => [key, { generation, flavor }]));
  await update(inputs(servers(1, "s"), pools), inputs(servers(1, "l"), pools));
  expect(logged).toEqual([]);
  await update(inputs(servers(1, "s"), pools), inputs(servers(2, "s"), pools));
  expect(logged).toEqual(["info: replaced in turns: c/0 → c/1, then w/0 → w/2 beside w/1"]);
});

test("inputs of another shape are refused", async () => {
  const check = async (newInputs: PropertyMap) =>
    (await rollout.check({ ...common, oldInputs: {}, newInputs, randomSeed: new Uint8Array() })).failures;
  expect(await check(inputs(TWO, [[["w/0"]]]))).toEqual([]);
  expect(await check({ servers: { w: 1 }, pools: ["w"], more: 1 })).toMatchObject([
    { property: "more" },
    { property: "servers" },
    { property: "pools" },
  ]);
});
