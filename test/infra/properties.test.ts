/** What adding and removing servers may touch, over many small environments. */
import fc from "fast-check";
import { describe as describeInfra } from "../../infra/describe";
import { inOrder } from "../../infra/references";
import { boundValueMap } from "../../infra/named-values";
import type { InfraResource } from "../../infra/types";
import { smallPlan } from "./plans";

const byKey = (resources: readonly InfraResource[]) => new Map(resources.map((each) => [each.key, each]));

/** Keys that only one side has, and keys whose resource differs. */
function difference(before: readonly InfraResource[], after: readonly InfraResource[]) {
  const old = byKey(before);
  const now = byKey(after);
  return {
    added: [...now.keys()].filter((key) => !old.has(key)),
    removed: [...old.keys()].filter((key) => !now.has(key)),
    changed: [...now]
      .filter(([key, each]) => old.has(key) && JSON.stringify(old.get(key)) !== JSON.stringify(each))
      .map(([key]) => key),
  };
}

const edge = fc.constantFrom(
  {},
  { edge: { kind: "octavia" } },
  { cluster: { kind: "own", api: { kind: "octavia" } }, edge: { kind: "octavia" } },
  { edge: { kind: "haproxy", on: "gateway" } },
);
const pool = fc.record({
  antiAffinity: fc.constantFrom("none", "soft", "hard"),
  floatingIp: fc.boolean(),
  availabilityZones: fc.constantFrom(undefined, ["a"], ["a", "b", "c"]),
});
const workers = fc.tuple(fc.integer({ min: 1, max: 12 }), pool, edge);

/** `server/workers.general/3`, `member/edge/http/workers.general/3`, `volume/workers.general/3/data`, … */
const belongsTo = (slot: number) => new RegExp(`/workers\\.general/${slot}(/|$)`);

describe("adding a worker", () => {
  it("adds that server's resources and changes no other", () => {
    fc.assert(
      fc.property(workers, ([min, settings, more]) => {
        const before = describeInfra(smallPlan({ ...settings, min }, more));
        const after = describeInfra(smallPlan({ ...settings, min: min + 1 }, more));
        const { added, removed, changed } = difference(before, after);
        expect({ removed, changed }).toEqual({ removed: [], changed: [] });
        expect(added.filter((key) => !belongsTo(min).test(key))).toEqual([]);
        expect(added).toContain(`server/workers.general/${min}`);
        expect(added).toContain(`attachment/workers.general/${min}/data`);
      }),
      { numRuns: 60 },
    );
  });
});

describe("removing a worker in the middle", () => {
  it("removes that server's resources and changes no other", () => {
    fc.assert(
      fc.property(workers, fc.nat(), ([size, settings, more], place) => {
        const min = size + 1;
        const slot = place % min;
        const before = describeInfra(smallPlan({ ...settings, min }, more));
        const after = describeInfra(smallPlan({ ...settings, min, removed: [slot] }, more));
        const { added, removed, changed } = difference(before, after);
        expect({ added, changed }).toEqual({ added: [], changed: [] });
        expect(removed.filter((key) => !belongsTo(slot).test(key))).toEqual([]);
        expect(removed).toContain(`server/workers.general/${slot}`);
      }),
      { numRuns: 60 },
    );
  });
});

describe("counting up a generation", () => {
  it("changes the servers of that pool in nothing but the declared input", () => {
    fc.assert(
      fc.property(workers, ([min, settings, more]) => {
        const before = describeInfra(smallPlan({ ...settings, min }, more));
        const after = describeInfra(smallPlan({ ...settings, min, generation: 2 }, more));
        const { added, removed, changed } = difference(before, after);
        expect({ added, removed }).toEqual({ added: [], removed: [] });
        expect(changed).toEqual(Array.from({ length: min }, (_, slot) => `server/workers.general/${slot}`));
      }),
      { numRuns: 30 },
    );
  });
});

describe("any small environment", () => {
  it("has an order, and no two resources of one type and name", () => {
    fc.assert(
      fc.property(workers, ([min, settings, more]) => {
        const plan = smallPlan({ ...settings, min }, more);
        const resources = describeInfra(plan);
        expect(inOrder(resources, boundValueMap(plan))).toHaveLength(resources.length);
        const names = resources.flatMap(({ type, inputs }) => {
          const name: unknown = Reflect.get(inputs, "name");
          return typeof name === "string" && !type.endsWith(":Member") ? [`${type} ${name}`] : [];
        });
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 60 },
    );
  });
});
