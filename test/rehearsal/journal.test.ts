import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";

import { Journal } from "../../rehearsal/journal";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): Journal<number> => new Journal<number>(join(folder, "sub", "things.jsonl"));

test("what was set and deleted is so after a restart, whatever the order", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.option(fc.integer())), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(steps, (changes) => {
      const expected = new Map<string, number>();
      const journal = open();
      for (const [key] of [...journal.entries()]) journal.delete(key);
      for (const [key, value] of changes) {
        if (value === null) journal.delete(key);
        else journal.set(key, value);
        if (value === null) expected.delete(key);
        else expected.set(key, value);
      }
      journal.close();
      const again = open();
      expect(new Map(again.entries())).toEqual(expected);
      again.close();
    }),
    { numRuns: 30 },
  );
});

test("a line cut off by a crash is a change that did not happen, and later lines are whole", () => {
  const journal = open();
  journal.set("a", 1);
  journal.close();
  appendFileSync(journal.file, '{"key":"b","val');
  const second = open();
  expect([...second.entries()]).toEqual([["a", 1]]);
  second.set("c", 3);
  second.close();
  const third = open();
  expect([...third.entries()]).toEqual([
    ["a", 1],
    ["c", 3],
  ]);
  third.close();
});

test("history is dropped when the file is opened, and only the owner may read it", () => {
  const journal = open();
  for (let count = 0; count < 1000; count++) journal.set("a", count);
  journal.close();
  open().close();
  expect(readFileSync(journal.file, "utf8")).toBe('{"key":"a","value":999}\n');
  expect(statSync(journal.file).mode & 0o077).toBe(0);
});
