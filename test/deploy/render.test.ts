import { ApiObject, App, Chart } from "cdk8s";
import { parseAllDocuments } from "yaml";
import { planCharts } from "../../deploy/plan";
import { maskObject, renderCharts } from "../../deploy/render";
import { address, secret, text } from "../../values";

function app(): App {
  const made = new App();
  const chart = new Chart(made, "lab", { namespace: "lab" });
  const add = (id: string, kind: string, fields: Readonly<Record<string, unknown>>): ApiObject =>
    new ApiObject(chart, id, { apiVersion: "v1", kind, metadata: { name: id }, ...fields });
  add("settings", "ConfigMap", {
    data: { host: `${address("db")}:27017`, sum: `${secret("mongo").hash(8)}` },
  });
  add("passwords", "Secret", {
    data: { known: "aHVudGVyMg==", later: `${secret("mongo").base64()}` },
    stringData: { literal: "hunter2", url: `${text`mongodb://hunter2:${secret("mongo")}@${address("db")}`}` },
  });
  new ApiObject(new Chart(made, "other"), "ns", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "lab" },
  });
  return made;
}

describe("rendered charts", () => {
  const plan = planCharts(app());
  const charts = renderCharts(plan);

  test("stand one text each, secrets masked", () => {
    expect(charts.get("lab")).toBe(`---
# lab/settings
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: lab
data:
  host: <address db>:27017
  sum: <secret mongo, hash:8>
---
# lab/passwords
apiVersion: v1
kind: Secret
metadata:
  name: passwords
  namespace: lab
data:
  known: <secret>
  later: <secret from secret mongo>
stringData:
  literal: <secret>
  url: <secret from address db, secret mongo>
`);
    expect([...charts.keys()]).toStrictEqual(["lab", "other"]);
  });

  test("are YAML of the masked objects, in the order of the plan", () => {
    const parsed = parseAllDocuments(charts.get("lab") ?? "").map((document) => document.toJS() as unknown);
    const masked = plan.objects.filter(({ chart }) => chart === "lab").map((object) => maskObject(object));
    expect(parsed).toStrictEqual(masked);
  });

  test("hold no content of a Secret", () => {
    expect([...charts.values()].join("")).not.toMatch(/hunter2|aHVudGVyMg|labstead:/);
  });
});
