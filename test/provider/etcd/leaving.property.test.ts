/** Whoever leaves, in whatever order the engine asks: one at a time, seen gone, and never below the majority. */
import fc from "fast-check";
import { Gates, members, nodeOf } from "./gates";

interface Case {
  /** Slots that are members now, of which some do not run. */
  readonly slots: readonly number[];
  readonly dead: readonly number[];
  readonly leavers: readonly number[];
  /** What the run before took is known: not in the first run of this release. */
  readonly remembered: boolean;
  readonly data: "volume" | "rootDisk";
}

const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 7 }).chain((count) => {
  const slots = Array.from({ length: count }, (_, slot) => slot);
  return fc.record({
    slots: fc.constant(slots),
    dead: fc.subarray(slots),
    leavers: fc.shuffledSubarray(slots, { minLength: 1 }),
    remembered: fc.boolean(),
    data: fc.constantFrom("volume" as const, "rootDisk" as const),
  });
});

test("members leave one at a time, each gone before its gate is, and there is a majority after each step", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ slots, dead, leavers, remembered, data }) => {
      const gates = new Gates(slots);
      const { etcd } = gates;
      for (const slot of dead) {
        const member = etcd.members.get(nodeOf(slot));
        if (member !== undefined) member.alive = false;
      }
      const stay = slots.filter((slot) => !leavers.includes(slot));
      await gates.check(members(stay, data), remembered ? members(slots, data) : {});
      const before = etcd.hasQuorum;
      const lost: string[] = [];
      // etcd on a server that is about to be deleted is no help: it counts for nothing from then on.
      etcd.watch = () => {
        if (!etcd.hasQuorum) lost.push(etcd.done.join(", "));
      };
      const results = await Promise.allSettled(
        leavers.map(async (slot) => {
          await gates.delete(slot);
          // Its gate is gone, so its server may go in this moment.
          if (etcd.members.has(nodeOf(slot))) lost.push(`${nodeOf(slot)} is a member without a server`);
        }),
      );
      expect(lost).toEqual([]);
      expect(etcd.hasQuorum).toBe(before);
      const gone = results.filter(({ status }) => status === "fulfilled").length;
      // Where a majority of all that are to stay answers, and of all that are there now, everybody may leave.
      const alive = (some: readonly number[]) => some.filter((slot) => !dead.includes(slot)).length;
      const enough = (some: readonly number[]) => alive(some) > some.length / 2;
      if (stay.length > 0 && alive(stay) === stay.length && enough(slots) && remembered)
        expect(gone).toBe(leavers.length);
      if (stay.length === 0) expect(gone).toBeLessThan(leavers.length);
      // One after the other: no node is drained between another one's emptying and its removal.
      const steps = etcd.done.filter((step) => step.startsWith("emptied"));
      expect(new Set(steps).size).toBe(steps.length);
    }),
    { numRuns: 300 },
  );
});
