/** Which way of deployment may follow which, as the guard judges it. */
import { DEPLOYMENTS } from "../../environment/schema/deploy";
import type { Deployment } from "../../environment/config";
import { judge } from "../../provider/change-guard/judge";
import { deploymentFact } from "../../stack/deployment-fact";

const guarded = (deployment: Deployment, assumed?: Deployment) => ({
  deploy: { facts: { value: { ...deploymentFact(deployment), ...(assumed && { assumed }) } } },
});

function refuses(from: Deployment, to: Deployment): boolean {
  const { records } = judge({}, { guarded: guarded(from), allow: [], holders: [] });
  return judge(records, { guarded: guarded(to), allow: [], holders: [] }).refused.length > 0;
}

test("sets follow a handover only, and nothing follows sets", () => {
  const pairs = DEPLOYMENTS.flatMap((from) => DEPLOYMENTS.map((to) => [from, to] as const));
  expect(pairs.filter(([from, to]) => refuses(from, to))).toEqual([
    ["objects", "applySet"],
    ["applySet", "objects"],
    ["applySet", "handover"],
  ]);
});

test("an environment without a record is taken for one of objects, a new one is not", () => {
  const judged = (assumed?: Deployment) =>
    judge({}, { guarded: guarded("applySet", assumed), allow: [], holders: [] }).refused.length;
  expect(judged("objects")).toBe(1);
  expect(judged()).toBe(0);
});
