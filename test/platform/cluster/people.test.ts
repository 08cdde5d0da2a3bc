/** The rights of people in the cluster. */
import { App } from "cdk8s";
import { PeopleChart } from "../../../platform/cluster";
import { renderChart, yaml } from "../../apps/manifests";

const people = [
  { name: "ada", kubernetes: { namespaces: { datalab: "edit" } } },
  { name: "grace", kubernetes: { everywhere: "view", namespaces: {} } },
  { name: "joan", kubernetes: { namespaces: {} } },
];
const manifests = (some: typeof people) =>
  renderChart(new PeopleChart(new App(), "people", { environment: "lab", people: some })).manifests;

test("people as they stand", () => {
  expect(yaml(manifests(people))).toMatchSnapshot();
});

test("leaving takes one's own bindings and touches no others", () => {
  const after = manifests(people.slice(1));
  expect(manifests(people)).toEqual(expect.arrayContaining([...after]));
  expect(JSON.stringify(after)).not.toContain("person-ada");
});
