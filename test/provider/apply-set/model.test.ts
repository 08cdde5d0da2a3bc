/** The pure half of a set: keys, digests, shards, changes, order and pruning. */
import * as fc from "fast-check";

import { changesOf } from "../../../provider/apply-set/diff";
import {
  canonicalText,
  digestOf,
  entryKey,
  groupKindText,
  parseEntryKey,
  refOf,
} from "../../../provider/apply-set/entries";
import type { ObjectRef } from "../../../provider/apply-set/entries";
import { applySteps, deleteSteps } from "../../../provider/apply-set/order";
import { holdsData, pruned } from "../../../provider/apply-set/prune";
import { sharded, shardOf, SHARDS } from "../../../provider/apply-set/shards";
import type { PlainMap, PlainValue } from "../../../provider-protocol";

const KINDS = [
  "Namespace",
  "CustomResourceDefinition.apiextensions.k8s.io",
  "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "ConfigMap",
  "Service",
  "Deployment.apps",
  "Widget.example.org",
];

const name = fc.stringMatching(/^[a-z]([a-z0-9.-]{0,8}[a-z0-9])?$/);
const ref: fc.Arbitrary<ObjectRef> = fc
  .record({ namespace: fc.option(name, { nil: "" }), name, kind: fc.constantFrom(...KINDS) })
  .map(({ kind, ...rest }) => ({ ...parseEntryKey(`//${kind}`), ...rest }));
const refs = fc.uniqueArray(ref, { selector: entryKey, maxLength: 30 });
const digests = fc.dictionary(ref.map(entryKey), fc.constantFrom("one", "two", "three"), { maxKeys: 20 });

describe("a key", () => {
  test("gives back what it was made of", () => {
    fc.assert(fc.property(ref, (each) => expect(parseEntryKey(entryKey(each))).toEqual(each)));
  });

  test.each([
    [
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "api", namespace: "datalab" } },
      "datalab/api/Deployment.apps",
    ],
    [
      { apiVersion: "v1", kind: "Service", metadata: { name: "api", namespace: "datalab" } },
      "datalab/api/Service",
    ],
    [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "datalab" } }, "/datalab/Namespace"],
  ])("of %j is %s", (manifest, key) => {
    const found = refOf(manifest);
    expect(found && entryKey(found)).toBe(key);
  });

  test("is refused to what names no object", () => {
    expect(refOf({ apiVersion: "v1", kind: "Service", metadata: {} })).toBeUndefined();
    expect(refOf({ apiVersion: "v1", metadata: { name: "api" } })).toBeUndefined();
  });
});

describe("a digest", () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<PlainValue>;

  test("is of a text that does not depend on the order of fields", () => {
    fc.assert(
      fc.property(fc.dictionary(name, json), (fields) => {
        const turned: PlainMap = Object.fromEntries(Object.entries(fields).reverse());
        expect(canonicalText(turned)).toBe(canonicalText(fields));
        expect(JSON.parse(canonicalText(turned))).toEqual(JSON.parse(JSON.stringify(fields)));
      }),
    );
  });

  test("changes with the value, the key and the salt", () => {
    const digest = digestOf("salt", "key", "1");
    expect(digest).toMatch(/^[0-9a-f]{32}$/);
    expect(digestOf("salt", "key", "2")).not.toBe(digest);
    expect(digestOf("salt", "other", "1")).not.toBe(digest);
    expect(digestOf("other", "key", "1")).not.toBe(digest);
  });
});

describe("shards", () => {
  test("hold every object once, and all of an owner together", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ owner: fc.option(name, { nil: undefined }), id: fc.nat() })),
        (objects) => {
          const { common, shards } = sharded(objects, ({ owner }) => owner);
          expect(shards).toHaveLength(SHARDS);
          expect([...common, ...shards.flat()]).toHaveLength(objects.length);
          expect(common.every(({ owner }) => owner === undefined)).toBe(true);
          shards.forEach((shard, index) =>
            expect(shard.every(({ owner }) => owner !== undefined && shardOf(owner) === index)).toBe(true),
          );
        },
      ),
    );
  });

  test("leave all but one as they are when an owner comes", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), ([added = "", ...owners]) => {
        const before = sharded(owners, (owner) => owner).shards;
        const after = sharded([...owners, added], (owner) => owner).shards;
        const changed = after.filter((shard, index) => shard.length !== before[index]?.length);
        expect(changed).toHaveLength(1);
      }),
    );
  });

  test("stay where they are from release to release", () => {
    expect(["ada", "bob", "user-00001"].map((owner) => shardOf(owner))).toEqual([13, 8, 6]);
  });

  test("are about equally full", () => {
    const { shards } = sharded(
      Array.from({ length: 10_000 }, (_, index) => `user-${index}`),
      (each) => each,
    );
    const sizes = shards.map(({ length }) => length);
    expect(Math.max(...sizes)).toBeLessThan(1.2 * (10_000 / SHARDS));
    expect(Math.min(...sizes)).toBeGreaterThan(0.8 * (10_000 / SHARDS));
  });
});

describe("changes", () => {
  test("lead from what is applied to what is wanted, and name nothing else", () => {
    fc.assert(
      fc.property(digests, digests, (before, after) => {
        const [applied, wanted] = [
          new Map<string, string>(Object.entries(before)),
          new Map<string, string>(Object.entries(after)),
        ];
        const changes = changesOf(applied, wanted);
        const result = new Map(applied);
        for (const [key, change] of changes) {
          expect(applied.get(key)).not.toBe(wanted.get(key));
          if (change === "delete") result.delete(key);
          else result.set(key, wanted.get(key) ?? "");
          expect(change === "add").toBe(!applied.has(key));
        }
        expect([...result].sort()).toEqual([...wanted].sort());
        expect([...changes.keys()]).toEqual([...changes.keys()].sort());
      }),
    );
  });
});

describe("the order", () => {
  const position = (steps: readonly (readonly ObjectRef[])[], kind: string): number =>
    steps.findIndex((step) => step.some((each) => groupKindText(each) === kind));

  test("has every object once, and is reversed for deletions", () => {
    fc.assert(
      fc.property(refs, (objects) => {
        const steps = applySteps(objects);
        expect(steps.flat().map(entryKey).sort()).toEqual(objects.map(entryKey).sort());
        expect(deleteSteps(objects)).toEqual([...steps].reverse());
      }),
    );
  });

  test("has Namespaces and definitions first, then what judges, workloads last", () => {
    const steps = applySteps(KINDS.map((kind) => parseEntryKey(`/x/${kind}`)));
    expect(KINDS.map((kind) => position(steps, kind))).toEqual([0, 0, 1, 2, 2, 2, 2, 3, 2]);
  });
});

describe("pruning", () => {
  const input = fc
    .record({
      all: refs,
      deletesData: fc.boolean(),
      seed: fc.array(fc.nat(7), { minLength: 30, maxLength: 30 }),
    })
    .map(({ all, deletesData, seed }) => {
      const bit = (value: number) => all.filter((_, index) => ((seed[index] ?? 0) & value) !== 0);
      const keys = (some: readonly ObjectRef[]) => some.map(entryKey);
      return {
        declared: new Set(keys(bit(1))),
        known: new Map(keys(bit(2)).map((key) => [key, `known-${key}`])),
        listed: bit(4).map((each) => ({ ...each, uid: `listed-${entryKey(each)}` })),
        deletesData,
      };
    });

  test("takes what was known or is listed and is not declared, and data only if asked to", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { leaving, kept } = pruned(given);
        const keys = new Set(leaving.map(entryKey));
        for (const key of [...keys, ...kept]) expect(given.declared.has(key)).toBe(false);
        for (const key of keys) if (!given.deletesData) expect(holdsData(parseEntryKey(key))).toBe(false);
        const candidates = new Set([...given.known.keys(), ...given.listed.map(entryKey)]);
        for (const key of candidates)
          if (!given.declared.has(key) && !holdsData(parseEntryKey(key))) expect(keys.has(key)).toBe(true);
        if (given.deletesData) expect(kept).toEqual([]);
      }),
    );
  });

  test("deletes a listed object as it is listed", () => {
    fc.assert(
      fc.property(input, (given) => {
        const listed = new Set(given.listed.map(entryKey));
        for (const object of pruned(given).leaving) {
          const key = entryKey(object);
          expect(object.uid).toBe(listed.has(key) ? `listed-${key}` : `known-${key}`);
          expect(object.listed).toBe(listed.has(key));
        }
      }),
    );
  });

  test("keeps claims, volumes, Namespaces and definitions", () => {
    const listed = KINDS.map((kind) => ({ ...parseEntryKey(`a/x/${kind}`), uid: kind }));
    const given = { declared: new Set<string>(), known: new Map<string, string>(), listed };
    expect(pruned({ ...given, deletesData: false }).kept).toEqual([
      "a/x/CustomResourceDefinition.apiextensions.k8s.io",
      "a/x/Namespace",
      "a/x/PersistentVolume",
      "a/x/PersistentVolumeClaim",
    ]);
    expect(pruned({ ...given, deletesData: true }).leaving).toHaveLength(KINDS.length);
  });
});
