/** Parts with a deployment of their own, and those that need one. */
import { findingText } from "../../environment/findings";
import type { Deployment } from "../../environment/config";
import { deployPartsFindings } from "../../review/deploy-parts";

const partOfChart = new Map([
  ["users", "userPods"],
  ["datalab", "datalab"],
]);

function findings(count: number, parts: Readonly<Record<string, Deployment>>): readonly string[] {
  const objects = Array.from({ length: count }, () => ({ chart: "users" }));
  const plan = { deployment: { default: "objects" as const, parts } };
  return deployPartsFindings({ plan, deploy: { objects }, partOfChart }).map(findingText);
}

test("a part that the environment does not have is an error with the parts that it has", () => {
  expect(findings(1, { userpods: "applySet", sparkle: "objects" })).toEqual([
    "deployParts.userpods: this environment has no charts of such a part; remove it, or write userPods",
    "deployParts.sparkle: this environment has no charts of such a part; remove it, or use one of userPods, datalab",
  ]);
});

test("more than a thousand objects as resources are reported, as a set or on the way there they are not", () => {
  expect(findings(1_000, {})).toEqual([]);
  expect(findings(1_001, {})).toEqual([
    "deploy: userPods has 1001 objects, each a resource of its own; on a new environment set deployParts.userPods: applySet; on a running one handover first, to its end",
  ]);
  expect(findings(1_001, { userPods: "objects" })).toEqual([
    expect.stringMatching(/^deployParts\.userPods: /) as string,
  ]);
  for (const own of ["applySet", "handover"] as const) expect(findings(1_001, { userPods: own })).toEqual([]);
});
