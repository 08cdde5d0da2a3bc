/** Which way of deployment may follow which, as the guard judges it. */
import { DEPLOYMENTS } from "../../environment/schema/deploy";
import type { Deployment } from "../../environment/config";
import type { DeploymentPlan } from "../../environment/plan/deployment";
import { judge } from "../../provider/change-guard/judge";
import { deploymentFact, deploymentFacts } from "../../stack/deployment-fact";

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

/** Paths and values of what is refused from one deployment to the next; a record without parts is of an older version. */
function refusedParts(from: DeploymentPlan | "old", to: DeploymentPlan): readonly string[] {
  const of = (facts: ReturnType<typeof deploymentFacts>) => ({ deploy: { facts } });
  const before =
    from === "old"
      ? of({ value: deploymentFact("objects") })
      : of(deploymentFacts(from, ["hub", "userPods"]));
  const { records } = judge({}, { guarded: before, allow: [], holders: [] });
  const guarded = of(deploymentFacts(to, ["hub", "userPods"]));
  return judge(records, { guarded, allow: [], holders: [] }).refused.map(
    ({ name, fact, was }) => `${name} at ${fact.at}: ${was} → ${fact.value}`,
  );
}

const OBJECTS: DeploymentPlan = { default: "objects", parts: {} };
const USERS_AS_SET: DeploymentPlan = { default: "objects", parts: { userPods: "applySet" } };

test("a part goes from objects to sets by a handover of its own, also from a record without parts", () => {
  const direct = ["userPods at deployParts.userPods: objects → applySet"];
  expect(refusedParts(OBJECTS, USERS_AS_SET)).toEqual(direct);
  expect(refusedParts("old", USERS_AS_SET)).toEqual(direct);
  const handover: DeploymentPlan = { default: "objects", parts: { userPods: "handover" } };
  expect(refusedParts(OBJECTS, handover)).toEqual([]);
  expect(refusedParts(handover, USERS_AS_SET)).toEqual([]);
});

test("a part's setting that is removed is a change of the part", () => {
  expect(refusedParts(USERS_AS_SET, OBJECTS)).toEqual(["userPods at deploy: applySet → objects"]);
});

test("a change of the whole environment is reported once", () => {
  const sets: DeploymentPlan = { default: "applySet", parts: {} };
  expect(refusedParts(OBJECTS, sets)).toEqual(["value at deploy: objects → applySet"]);
});
