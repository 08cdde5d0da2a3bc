/** Failures on purpose, read from a file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFaults } from "../../cli/rehearse/faults-file";

const folder = mkdtempSync(join(tmpdir(), "crash-faults-"));
const file = join(folder, "faults.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a file of faults", () => {
  const faults = {
    faults: [{ type: "a:b:C", when: "unanswered", markerFile: "/x" }],
    latencyMilliseconds: 5,
  };
  writeFileSync(file, JSON.stringify(faults));
  expect(readFaults(file)).toEqual(faults);
});

test("what is no fault is reported with its place", () => {
  writeFileSync(file, JSON.stringify({ faults: [{ type: "a:b:C", when: "never" }, { nth: 0 }] }));
  expect(() => readFaults(file)).toThrow(
    [
      `--faults ${file} is not what rehearsal/faults.ts describes:`,
      '  faults.0.when: Invalid option: expected one of "before"|"halfway"|"lost"|"stalled"|"unanswered"',
      "  faults.1.type: Invalid input: expected string, received undefined",
      "  faults.1.nth: Too small: expected number to be >0",
    ].join("\n"),
  );
});

test("a file that is not there, or no JSON", () => {
  const missing = join(folder, "missing.json");
  expect(() => readFaults(missing)).toThrow(`--faults ${missing} does not exist; name a file of faults`);
  writeFileSync(file, "{");
  expect(() => readFaults(file)).toThrow(new RegExp(`^--faults ${file}: .*JSON`));
});
