import { type Duration, durationTables } from "../../tools/test-durations";

function duration(name: string, seconds: number): Duration {
  return { name, milliseconds: seconds * 1000 };
}

it("shows the parts of a run, the longest first", () => {
  const parts = [duration("types", 9.96), duration("engine", 605.25), duration("unit", 65)];
  expect(durationTables(parts, [])).toBe(
    ["   time  part of the tests", "10:05.3  engine", " 1:05.0  unit", " 0:10.0  types", ""].join("\n"),
  );
});

it("shows the ten slowest files", () => {
  const files = Array.from({ length: 12 }, (_, index) => duration(`unit: ${String(index)}`, index));
  const lines = durationTables([], files).split("\n");
  expect(lines).toHaveLength(12);
  expect(lines.slice(0, 2)).toEqual(["  time  slowest test files", "0:11.0  unit: 11"]);
  expect(lines.slice(-2)).toEqual(["0:02.0  unit: 2", ""]);
});

it("shows nothing of a run that had nothing", () => {
  expect(durationTables([], [])).toBe("");
});
