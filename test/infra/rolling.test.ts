/** Lanes and turns, for every environment that can be planned. */
import fc from "fast-check";
import { isNodeRole } from "../../environment/plan/rolling";
import type { EnvironmentPlan, RollingPoolPlan } from "../../environment/plan/types";
import { describe as describeInfra } from "../../infra/describe";
import { keys } from "../../infra/keys";
import { dependenciesOf } from "../../infra/references";
import {
  firstReplacedKey,
  serverResourceKeys,
  rollingTriggers,
  rollingPredecessors,
} from "../../infra/rolling";
import { boundValueMap } from "../../infra/named-values";
import { ownerValue } from "../environment/arbitraries";
import { configOf, ownerOf, planOf, type Json } from "../environment/configs";
import { examplePlans, smallPlan } from "./plans";

const always = (check: (plan: EnvironmentPlan, value: Json) => void) =>
  fc.assert(
    fc.property(ownerValue, (value) => check(planOf(configOf("lab", value)), value)),
    { numRuns: 40 },
  );

const all = (plan: EnvironmentPlan) => new Set(plan.servers.map(({ key }) => key));

describe("lanes", () => {
  test("hold each server exactly once", () =>
    always((plan) => {
      const inLanes = plan.rolling.flatMap(({ lanes }) => lanes.flat());
      expect([...inLanes].sort()).toEqual([...all(plan)].sort());
    }));

  test("are no more than may be away, none of them empty, and as long as one another", () =>
    always((plan, value) => {
      const { servers } = ownerOf("lab", value);
      for (const { pool, lanes } of plan.rolling) {
        const config = servers.workers;
        const most = pool.startsWith("workers.")
          ? (config[pool.slice("workers.".length)]?.maxUnavailable ?? 0)
          : 1;
        expect(lanes.length).toBeLessThanOrEqual(most);
        const lengths = lanes.map((lane) => lane.length);
        expect(Math.min(...lengths)).toBeGreaterThan(0);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }
    }));

  test("come pool by pool: the control plane first, the ways in last", () => {
    const order = ["controlPlane", "workers", "gluster", "nfs", "applicationServers", "desktops"];
    const last = ["loadBalancer", "gateway", "bastion"];
    always((plan) => {
      const roles = plan.rolling.map(({ pool }) => pool.split(".")[0] ?? "");
      const places = roles.map((role) => [...order, ...last].indexOf(role));
      expect(places).toEqual([...places].sort((one, other) => one - other));
    });
  });
});

/** Plays a roll to its end; returns who was away together. A server that waits for nobody that is still away goes at once. */
function played(
  pools: readonly RollingPoolPlan[],
  inTurns: ReadonlySet<string>,
): readonly (readonly string[])[] {
  const turns = rollingPredecessors(pools, inTurns);
  const back = new Set<string>();
  const rounds: string[][] = [];
  while (back.size < turns.size) {
    const away = [...turns].filter(
      ([key, before]) => !back.has(key) && before.every((each) => back.has(each)),
    );
    if (away.length === 0) throw new Error("nobody can go");
    rounds.push(away.map(([key]) => key));
    for (const [key] of away) back.add(key);
  }
  return rounds;
}

describe("turns", () => {
  test("let everybody go once who was there before, one pool at a time and no more of it than its lanes", () =>
    fc.assert(
      fc.property(ownerValue, fc.func(fc.boolean()), (value, there) => {
        const plan = planOf(configOf("lab", value));
        const inTurns = new Set([...all(plan)].filter((key) => there(key)));
        const rounds = played(plan.rolling, inTurns);
        expect(rounds.flat().sort()).toEqual([...inTurns].sort());
        for (const round of rounds) {
          const pools = plan.rolling.filter(({ lanes }) =>
            lanes.some((lane) => lane.some((key) => round.includes(key))),
          );
          expect(pools).toHaveLength(1);
          for (const lane of pools[0]?.lanes ?? [])
            expect(lane.filter((key) => round.includes(key)).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 40 },
    ));

  test("wait for nobody who is new", () => {
    const { rolling } = smallPlan({ min: 4 });
    const inTurns = new Set(["workers.general/0", "workers.general/3"]);
    expect([...rollingPredecessors(rolling, inTurns)]).toEqual([
      ["workers.general/0", []],
      ["workers.general/3", ["workers.general/0"]],
    ]);
  });

  test.each([...examplePlans()])("of %s wait for nothing that waits for them", (_, plan) => {
    expect(circle(plan)).toBeUndefined();
  });

  test("of any environment wait for nothing that waits for them", () =>
    always((plan) => expect(circle(plan)).toBeUndefined()));
});

/** Resources that need each other, with every server in turns; undefined if there are none. */
function circle(plan: EnvironmentPlan): string | undefined {
  const bound = boundValueMap(plan);
  const needs = new Map<string, readonly string[]>(
    describeInfra(plan).map((each) => [each.key, dependenciesOf(each, bound)]),
  );
  const turns = rollingPredecessors(plan.rolling, all(plan));
  for (const server of plan.servers) {
    needs.set(keys.ready(server.key), serverResourceKeys(server, plan));
    const waits = (turns.get(server.key) ?? []).map(keys.ready);
    needs.set(firstReplacedKey(server), [...(needs.get(firstReplacedKey(server)) ?? []), ...waits]);
  }
  const free = new Set<string>();
  const visit = (key: string, path: readonly string[]): string | undefined => {
    if (free.has(key)) return undefined;
    if (path.includes(key)) return [...path, key].join(" → ");
    for (const needed of needs.get(key) ?? []) {
      const found = visit(needed, [...path, key]);
      if (found !== undefined) return found;
    }
    free.add(key);
    return undefined;
  };
  for (const key of needs.keys()) {
    const found = visit(key, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

test("a server is in turns for what replaces or restarts it, and for nothing that its replacement takes along", () => {
  const facts = (changes: Json) => {
    const server = smallPlan(changes).servers.find(({ key }) => key === "workers.general/0");
    if (server === undefined) throw new Error("no such worker");
    return rollingTriggers(server);
  };
  const before = facts({});
  for (const changes of [{ generation: 2 }, { flavor: "huge" }, { availabilityZones: ["az2"] }])
    expect(facts(changes)).not.toEqual(before);
  for (const changes of [
    { image: "debian-13" },
    { tags: ["new"] },
    { min: 5 },
    { bootVolume: { size: "40Gi" } },
  ])
    expect(facts(changes)).toEqual(before);
});

test("nodes of the cluster are the control plane and the workers", () => {
  const roles = [...new Set(smallPlan().servers.map(({ role }) => role))];
  expect(roles.filter(isNodeRole).sort()).toEqual(["controlPlane", "workers"]);
});
