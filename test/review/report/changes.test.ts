/** What a report marks when it is compared with another one. */
import { withChanges } from "../../../review/report/changes";
import { plainText } from "../../../review/report/text";
import { prodReport, thingOf } from "./reports";

const base = prodReport({});

function compared(changes: Parameters<typeof prodReport>[0]) {
  return withChanges(prodReport(changes), { against: "main", report: base });
}

test("nothing differs", () => {
  const same = compared({});
  expect(same.compared).toEqual({ with: "main", things: [], steps: [] });
  expect(JSON.stringify(same.picture)).toBe(JSON.stringify(base.picture));
});

test("a worker more: its pool with the values of both, its row, its box", () => {
  const report = compared({ "servers.workers.general.min": 5 });
  const pool = thingOf(report, "pool/workers.general");
  expect(pool.change?.kind).toBe("changed");
  expect(pool.change?.values).toContainEqual({ label: "servers", before: "4", after: "5" });
  expect(pool.change?.values).toContainEqual({
    label: "cost",
    before: "730.00 EUR a month",
    after: "912.50 EUR a month",
  });
  const rows = pool.tables[0]?.rows.map(({ cells: [name = []], change }) => [plainText(name), change]);
  expect(rows?.at(-1)).toEqual(["prod-worker-general-4", "added"]);
  expect(rows?.[0]).toEqual(["prod-worker-general-0", undefined]);
  const box = report.picture.boxes.find(({ id }) => id === "pool/workers.general");
  expect([box?.change, box?.cells.at(-1)?.change, box?.cells[0]?.change]).toEqual([
    "changed",
    "added",
    undefined,
  ]);
});

test("what is added and what is gone", () => {
  const published = { git: { external: 2222, nodePort: 30022, from: ["203.0.113.0/24"] } };
  const report = compared({ "ports.published": published, people: {} });
  const kinds = report.compared?.things.map(({ id, change }) => `${id} ${change.kind}`);
  expect(kinds).toContain("port/git added");
  expect(kinds).toContain("person/ada removed");
  expect(
    thingOf(report, "group/loadBalancer").tables[0]?.rows.filter(({ change }) => change === "added"),
  ).toHaveLength(1);
  expect(thingOf(report, "port/https").change).toBeUndefined();
});

test("steps of the engine stand beside, and everything of a new environment is added", () => {
  const step = {
    kind: "replace",
    layer: "infrastructure",
    name: "server/bastion/0",
    type: "t",
    reason: "image",
  } as const;
  const { compared: comparison, sections } = withChanges(base, { against: "main", steps: [step] });
  expect(comparison?.steps.map(({ cells }) => cells.map(plainText))).toEqual([
    ["replace", "infrastructure", "server/bastion/0", "image"],
  ]);
  expect(sections.flatMap(({ things }) => things).every(({ change }) => change?.kind === "added")).toBe(true);
});
