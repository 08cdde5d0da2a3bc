/** The rights of people in the cluster. */
import { App } from "cdk8s";
import type { PersonPlan } from "../../../environment/plan/types";
import { PeopleChart } from "../../../platform/cluster/people/chart";
import { renderChart } from "../../apps/manifests";
import { outline } from "../../apps/outline";

const certificate = (name: string) => ({
  kind: "certificate" as const,
  principal: `labstead:person:${name}`,
});
const people: readonly PersonPlan[] = [
  { name: "ada", kubernetes: { identity: certificate("ada"), namespaces: { datalab: "edit" } } },
  { name: "grace", kubernetes: { identity: certificate("grace"), everywhere: "view", namespaces: {} } },
  { name: "joan", kubernetes: { identity: certificate("joan"), namespaces: {} } },
];
const manifests = (some: readonly PersonPlan[]) =>
  renderChart(new PeopleChart(new App(), "people", { environment: "lab", people: some })).manifests;

test("people as they stand", () => {
  expect(outline(manifests(people))).toMatchSnapshot();
});

test("leaving takes one's own bindings and touches no others", () => {
  const after = manifests(people.slice(1));
  expect(manifests(people)).toEqual(expect.arrayContaining([...after]));
  expect(JSON.stringify(after)).not.toContain("person-ada");
});

test("with an identity provider the rights hang on the name that it gives", () => {
  const identity = { kind: "oidc", principal: "oidc:ada@example.org" } as const;
  const ada = { name: "ada", kubernetes: { identity, everywhere: "view", namespaces: {} } };
  expect(manifests([ada])).toMatchObject([
    {
      metadata: { name: "labstead-person-ada" },
      subjects: [{ kind: "User", name: "oidc:ada@example.org" }],
    },
  ]);
});
