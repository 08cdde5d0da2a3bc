/** The policies of users and groups: what they apply to. What they refuse is tried in `test/lab/user-pods.lab.test.ts`. */
import { App, Chart } from "cdk8s";
import { Naming, UidPolicy, uidRights } from "../../kit";
import { planCharts } from "../../deploy/plan";
import { fieldOf } from "../../deploy/manifest";

function policies(strictGroups = true) {
  const app = new App();
  new UidPolicy(new Chart(app, "rules"), "Uids", {
    ...new Naming("pods", "prod").identity("pods-uids", "rules"),
    namespaces: ["tux"],
    strictGroups,
  });
  return planCharts(app).objects.map(({ manifest }) => manifest);
}

test("every kind that makes pods is in one policy, which refuses what it cannot evaluate", () => {
  const made = policies().filter(({ kind }) => kind === "ValidatingAdmissionPolicy");
  const matched = made.map((each) => [
    each.metadata.name,
    fieldOf(each, "spec", "failurePolicy"),
    (fieldOf(each, "spec", "matchConstraints", "resourceRules") as { resources: string[] }[]).flatMap(
      ({ resources }) => resources,
    ),
  ]);
  expect(matched).toEqual([
    ["pods-uids-pods", "Fail", ["pods", "pods/ephemeralcontainers"]],
    [
      "pods-uids-workloads",
      "Fail",
      ["replicationcontrollers", "daemonsets", "deployments", "replicasets", "statefulsets", "jobs"],
    ],
    ["pods-uids-cron-jobs", "Fail", ["cronjobs"]],
    ["pods-uids-pod-templates", "Fail", ["podtemplates"]],
    ["pods-uids-revisions", "Fail", ["controllerrevisions"]],
  ]);
});

test("it applies to its namespaces alone, and denies", () => {
  const bindings = policies().filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
  expect(bindings).toHaveLength(5);
  for (const each of bindings) {
    expect(fieldOf(each, "spec", "validationActions")).toEqual(["Deny"]);
    expect(fieldOf(each, "spec", "matchResources", "namespaceSelector", "matchExpressions")).toEqual([
      { key: "kubernetes.io/metadata.name", operator: "In", values: ["tux"] },
    ]);
  }
});

test("an expression checks one right: two cost most of what the API server lets one cost", () => {
  for (const each of policies())
    for (const { expression } of (fieldOf(each, "spec", "validations") ?? []) as { expression: string }[])
      expect(expression.split("authorizer.").length - 1).toBeLessThanOrEqual(1);
});

test("rights are on numbers, as names of resources that exist only there", () => {
  expect(uidRights({ uid: 1001, gid: 100 })).toEqual([
    { apiGroups: ["labstead.dev"], resources: ["uids"], resourceNames: ["1001"], verbs: ["use"] },
    { apiGroups: ["labstead.dev"], resources: ["gids"], resourceNames: ["100"], verbs: ["use"] },
  ]);
});
