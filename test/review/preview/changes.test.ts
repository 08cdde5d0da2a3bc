/** Comparisons of settings, findings, needed amounts and diagrams. */
import { OWNER_EFFECTS } from "../../../environment/effects/environment";
import { findingChanges, judgedChanges, quotaChanges } from "../../../review/preview/compare";
import { diagramChanges } from "../../../review/preview/diagram-changes";
import { otherSettings, settingChanges } from "../../../review/preview/settings";
import { found } from "./sample";

describe("settings", () => {
  const changes = (before: unknown, after: unknown) => settingChanges(before, after, OWNER_EFFECTS);

  test("the order of keys means nothing, and that of lists does", () => {
    expect(changes({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([]);
    expect(changes({ tags: ["a", "b"] }, { tags: ["b", "a"] })).toHaveLength(1);
  });

  test("each has its declared effect, also below a pool", () => {
    const [change] = changes(
      { servers: { workers: { general: { min: 1 } } } },
      { servers: { workers: { general: { min: 2 } } } },
    );
    expect(change).toMatchObject({ path: "servers.workers.general.min", before: "1", after: "2" });
    expect(change?.effect).toMatch(/^in place: one more is made/);
  });

  test("an entry that is added is one change, a section that is added each of its keys", () => {
    const entry = changes({ tenants: {} }, { tenants: { beta: { slot: 1, namespaces: ["b"] } } });
    expect(entry).toMatchObject([
      { path: "tenants.beta", before: "", after: '{"slot":1,"namespaces":["b"]}' },
    ]);
    const section = changes({}, { quota: { cores: 4, ports: 5 } });
    expect(section.map(({ path }) => path)).toEqual(["quota.cores", "quota.ports"]);
  });

  test("encrypted values are named, never shown, and no value beside the environment is", () => {
    const secret = (text: string) => ({ secure: text });
    expect(JSON.stringify(changes({ a: secret("one") }, { a: secret("two") }))).not.toMatch(/one|two/);
    const others = otherSettings(
      { "labstead:key": secret("one"), "x:y": "plain" },
      { "labstead:key": secret("two"), "x:y": "other" },
    );
    expect(others).toEqual([
      {
        path: "labstead:key",
        before: "encrypted",
        after: "encrypted",
        effect: "encrypted again: whether its value changes cannot be seen",
      },
      { path: "x:y", before: "set", after: "set", effect: "" },
    ]);
  });
});

test("a finding with another amount is not new; another one at the same path is", () => {
  const [three, two] = [
    found("setting.inactive", "a.max", "keeps 3"),
    found("setting.inactive", "a.max", "keeps 2"),
  ];
  expect(findingChanges([three], [two])).toEqual({ added: [], kept: [two], gone: [] });
  expect(findingChanges([three], [three, two])).toEqual({ added: [two], kept: [three], gone: [] });
  expect(findingChanges([three, two], [])).toEqual({ added: [], kept: [], gone: [three, two] });
});

test("amounts that are the same are left out, and a new environment has those that it needs", () => {
  const report = (cores: number, limit = 16) => ({
    findings: [],
    rows: [
      { name: "cores" as const, needed: cores, limit, ok: true },
      { name: "routers" as const, needed: 0, ok: true },
    ],
  });
  expect(quotaChanges(report(1), report(1))).toEqual([]);
  expect(quotaChanges(report(1), report(2))).toEqual([{ name: "cores", before: 1, after: 2, limit: 16 }]);
  expect(quotaChanges(report(1), report(1, 8))).toEqual([{ name: "cores", before: 1, after: 1, limit: 8 }]);
  expect(quotaChanges(undefined, report(2))).toEqual([{ name: "cores", after: 2, limit: 16 }]);
});

test("the diagram marks boxes that are new, changed and removed", () => {
  const before = 'flowchart TB\n  a["one"]\n  b["two"]\n  c{{"vip"}}\n';
  const after = 'flowchart TB\n  a["one"]\n  b["three"]\n  d(["new"])\n';
  expect(diagramChanges(before, before)).toBeUndefined();
  const text = diagramChanges(before, after) ?? "";
  expect(text.split("\n").filter((line) => /^ {2}class /.test(line))).toEqual([
    "  class d added",
    "  class b changed",
    "  class c removed",
  ]);
  expect(text).toContain('  c{{"vip"}}');
  expect(diagramChanges(undefined, after)).toBe(after);
});

describe("findings that are accepted", () => {
  const one = found("control-plane.single", "servers.controlPlane.min");
  const other = found("setting.inactive", "servers.workers.general.max");
  const accepted = { finding: one, reason: "a teaching lab" };

  test("are listed once, and not as gone", () => {
    expect(
      judgedChanges({ findings: [one, other], accepted: [] }, { findings: [other], accepted: [accepted] }),
    ).toEqual({ findings: { added: [], kept: [other], gone: [] }, accepted: [accepted] });
  });

  test("are no change where the base accepts them too, whatever the reason", () => {
    const before = { findings: [], accepted: [{ ...accepted, reason: "another" }] };
    expect(judgedChanges(before, { findings: [], accepted: [accepted] }).accepted).toEqual([]);
  });

  test("are new findings where the head accepts them no more", () => {
    expect(judgedChanges({ findings: [], accepted: [accepted] }, { findings: [one], accepted: [] })).toEqual({
      findings: { added: [one], kept: [], gone: [] },
      accepted: [],
    });
  });
});
