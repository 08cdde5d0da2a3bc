import { finding } from "../../environment/findings";
import { lab } from "../../lab";
import { judgeFindings } from "../../environment/findings/accepted";
import { changed, configOf, stackBase, type Changes } from "./configs";

const single = finding("control-plane.single", "servers.controlPlane.min", "1 is one", "write 3");
const inactive = finding("setting.inactive", "servers.workers.general.max", "8 is unused", "take it out");
const error = finding("port.clash", "ports.published.mail", "is taken", "choose another");

test("an accepted finding is apart from the others, with the reason of the first entry that means it", () => {
  const entries = [
    { finding: "control-plane.single", reason: "a teaching lab" },
    { finding: "control-plane.single", reason: "another one" },
  ] as const;
  expect(judgeFindings([single, inactive, error], entries)).toEqual({
    findings: [inactive, error],
    accepted: [{ finding: single, reason: "a teaching lab" }],
  });
});

test.each([
  ["servers.workers.general.max", true],
  ["servers.workers.general", true],
  ["servers", true],
  ["servers.workers.gen", false],
  ["servers.workers.general.max.more", false],
])("a path %s means a finding below it: %s", (path, meant) => {
  const { accepted } = judgeFindings([inactive], [{ finding: "setting.inactive", path, reason: "later" }]);
  expect(accepted).toHaveLength(meant ? 1 : 0);
});

test("an error stays an error", () => {
  // The schema refuses such an entry.
  const entries = [{ finding: "port.clash" as never, reason: "both are mine" }];
  expect(judgeFindings([error], entries).findings).toContainEqual(error);
});

test("an entry that accepts nothing is reported at its own line", () => {
  const entries = [{ finding: "setting.inactive", path: "servers.gateway", reason: "later" }] as const;
  expect(judgeFindings([inactive], entries)).toEqual({
    findings: [
      inactive,
      finding(
        "finding.accepted",
        "acceptedFindings.0",
        "setting.inactive is not found at servers.gateway",
        "remove the entry, or correct it",
      ),
    ],
    accepted: [],
  });
});

test("a lab reports what its environment accepts apart, and everything else as before", () => {
  const labOf = (changes: Changes = {}) =>
    lab({ config: configOf("prod", changed(stackBase("prod"), changes)) });
  const before = labOf();
  const [first] = before.findings;
  if (first === undefined) throw new Error("the example has no finding");
  const entry = { finding: first.id, path: first.path, reason: "known" };
  const after = labOf({ acceptedFindings: [entry] });
  expect(after.accepted).toEqual([{ finding: first, reason: "known" }]);
  expect(after.findings).toEqual(before.findings.filter((each) => each !== first));
  expect({ ...after, findings: [], accepted: [] }).toEqual({ ...before, findings: [], accepted: [] });
});
