import fc from "fast-check";
import type { DependentScope } from "../../deploy/collect";
import { orderObjects, type Ordered, type OrderInput } from "../../deploy/order";

/** A random graph: edges only go to lower keys, and keys are shuffled so that order of creation says nothing. */
const dag = fc
  .integer({ min: 1, max: 40 })
  .chain((count) =>
    fc.record({
      keys: fc.shuffledSubarray(
        Array.from({ length: count }, (_, key) => key),
        { minLength: count },
      ),
      turns: fc.array(fc.nat(2), { minLength: count, maxLength: count }),
      pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 80 }),
    }),
  )
  .map(({ keys, turns, pairs }): OrderInput => {
    const needs = keys.map((key, index) =>
      pairs.filter(([from, to]) => from === index && (keys[to] ?? 0) < key).map(([, to]) => to),
    );
    return { objects: objects(turns), scopes: [], needs, turns: 3 };
  });

function objects(
  turns: readonly number[],
  scope: (index: number) => number = () => -1,
): OrderInput["objects"] {
  return turns.map((turn, index) => ({ path: `o${index}`, turn, scope: scope(index) }));
}

function scope(
  path: string,
  start: number,
  end: number,
  ...dependsOn: DependentScope["dependsOn"]
): DependentScope {
  return { path, parent: -1, range: { start, end }, dependsOn };
}

function places({ order }: Ordered): ReadonlyMap<number, number> {
  return new Map(order.map((object, place) => [object, place]));
}

describe("orderObjects", () => {
  test("puts every object once, after all it needs", () => {
    fc.assert(
      fc.property(dag, (input) => {
        const ordered = orderObjects(input);
        const place = places(ordered);
        expect(place.size).toBe(input.objects.length);
        expect(ordered.cycles).toStrictEqual([]);
        input.needs.forEach((earlier, object) => {
          for (const one of earlier) expect(place.get(one)).toBeLessThan(place.get(object) ?? -1);
          expect(ordered.dependsOn[object]).toStrictEqual([...new Set(earlier)].sort((a, b) => a - b));
        });
      }),
    );
  });

  test("is the same every time, lower turns first among the free", () => {
    const input: OrderInput = {
      objects: objects([2, 1, 0, 1]),
      scopes: [],
      needs: [[], [], [1], []],
      turns: 3,
    };
    expect(orderObjects(input).order).toStrictEqual([1, 2, 3, 0]);
    expect(orderObjects(input)).toStrictEqual(orderObjects(input));
  });

  test("a scope waits for the last objects of another", () => {
    const group = { path: "first", range: { start: 0, end: 3 } };
    const input: OrderInput = {
      objects: objects([0, 0, 0, 0, 0], (index) => (index > 2 ? 0 : -1)),
      scopes: [scope("second", 3, 5, group)],
      needs: [[], [0], [0], [], []],
      turns: 1,
    };
    const { dependsOn, order } = orderObjects(input);
    expect(dependsOn).toStrictEqual([[], [0], [0], [1, 2], [1, 2]]);
    expect(dependsOn[3]).toBe(dependsOn[4]);
    expect(order).toStrictEqual([0, 1, 2, 3, 4]);
  });

  test("an object whose need waits for the same names its need only", () => {
    const group = { path: "first", range: { start: 0, end: 2 } };
    const input: OrderInput = {
      objects: objects([0, 0, 0, 0, 0], (index) => [-1, -1, 0, 0, 1][index] ?? -1),
      scopes: [scope("second", 2, 4, group), scope("third", 4, 5, group)],
      needs: [[], [], [], [2], [2]],
      turns: 1,
    };
    expect(orderObjects(input).dependsOn).toStrictEqual([[], [], [0, 1], [2], [2]]);
  });

  test("a need that waits for less takes nothing away", () => {
    const group = { path: "first", range: { start: 0, end: 2 } };
    const input: OrderInput = {
      objects: objects([0, 0, 0, 0], (index) => (index === 3 ? 0 : -1)),
      scopes: [scope("second", 3, 4, group)],
      needs: [[], [], [], [2]],
      turns: 1,
    };
    expect(orderObjects(input).dependsOn).toStrictEqual([[], [], [], [0, 1, 2]]);
  });

  test("of those that wait for the same, the first that is ready at once stands for the others", () => {
    const group = { path: "first", range: { start: 0, end: 2 } };
    const input: OrderInput = {
      objects: objects([1, 1, 1, 0, 0], (index) => [-1, -1, 0, 0, 1][index] ?? -1),
      scopes: [scope("second", 2, 4, group), scope("third", 4, 5, group)],
      needs: [[], [], [], [], []],
      turns: 2,
      readyTurns: 1,
    };
    const { dependsOn, order } = orderObjects(input);
    expect(dependsOn).toStrictEqual([[], [], [3], [0, 1], [3]]);
    expect(order).toStrictEqual([0, 1, 3, 4, 2]);
  });

  test("an inner scope waits for what its outer one waits for", () => {
    const input: OrderInput = {
      objects: objects([0, 0, 0], (index) => (index === 2 ? 1 : -1)),
      scopes: [
        scope("outer", 2, 3, { path: "a", range: { start: 0, end: 1 } }),
        { ...scope("outer/inner", 2, 3, { path: "b", range: { start: 1, end: 2 } }), parent: 0 },
      ],
      needs: [[], [], []],
      turns: 1,
    };
    expect(orderObjects(input).dependsOn).toStrictEqual([[], [], [0, 1]]);
  });

  test("names every cycle, and no object that only comes after one", () => {
    const input: OrderInput = {
      objects: objects([0, 0, 0, 0, 0]),
      scopes: [],
      needs: [[1], [0], [1], [4], [3]],
      turns: 1,
    };
    expect(orderObjects(input).cycles).toStrictEqual([
      ["o0", "o1", "o0"],
      ["o3", "o4", "o3"],
    ]);
  });

  test("every cycle that is named is one", () => {
    const anyGraph = fc
      .integer({ min: 1, max: 15 })
      .chain((count) =>
        fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }), { minLength: count, maxLength: count }),
      );
    fc.assert(
      fc.property(anyGraph, (needs) => {
        const { order, cycles } = orderObjects({
          objects: objects(needs.map(() => 0)),
          scopes: [],
          needs,
          turns: 1,
        });
        expect(cycles.length > 0).toBe(order.length < needs.length);
        for (const cycle of cycles) {
          const indexes = cycle.map((path) => Number(path.slice(1)));
          expect(indexes[0]).toBe(indexes[indexes.length - 1]);
          indexes.slice(1).forEach((to, at) => expect(needs[indexes[at] ?? -1]).toContain(to));
        }
      }),
    );
  });

  test("orders two large groups, of which the product would not fit in memory", () => {
    const size = 20_000;
    const input: OrderInput = {
      objects: objects(
        Array.from({ length: 2 * size }, () => 0),
        (index) => (index < size ? -1 : 0),
      ),
      scopes: [scope("second", size, 2 * size, { path: "first", range: { start: 0, end: size } })],
      needs: [],
      turns: 1,
    };
    const { order } = orderObjects(input);
    expect(order).toHaveLength(2 * size);
  });
});
