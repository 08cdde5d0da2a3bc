import { readEnvironment } from "../environments";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { diagram } from "../../review/diagram";
import { planFiles } from "../../review/plan-files";
import { planText } from "../../review/plan-text";
import { textTable } from "../../review/table";
import { ROOT } from "../cli/command";

const prod = lab(readEnvironment(stackFile(ROOT, "prod")));

test("a table is as wide as its widest cells, and says when it is empty", () => {
  expect(
    textTable(
      "Servers",
      ["name", "n"],
      [
        ["long-name", "1"],
        ["x", "22"],
      ],
    ),
  ).toBe("Servers\n  name       n\n  long-name  1\n  x          22\n");
  expect(textTable("Servers", ["name"], [])).toBe("Servers\n  none\n");
});

test("the readable plan holds every server, volume, rule with its reason, and finding", () => {
  const text = planText(prod);
  for (const { name } of [...prod.plan.servers, ...prod.plan.volumes]) expect(text).toContain(name);
  for (const { reason } of prod.plan.securityGroups.flatMap((group) => group.rules))
    expect(text).toContain(reason);
  for (const { id } of prod.findings) expect(text).toContain(`[${id}]`);
});

test("the picture of prod", () => {
  expect(diagram(prod.plan, prod.infra)).toMatchSnapshot();
});

test("a picture's edges lead between boxes that are there, in every example", () => {
  const withoutServers = ["existing-cluster.yaml", "projects.yaml"];
  for (const name of readdirSync(join(ROOT, "examples")).filter((each) => !withoutServers.includes(each))) {
    const { plan, infra } = lab(readEnvironment(join(ROOT, "examples", name)));
    const lines = diagram(plan, infra).split("\n");
    const boxes = lines.flatMap((line) => /^ +(\w+)[[({]/.exec(line)?.[1] ?? []);
    const ends = lines.flatMap((line) => /^ +(\w+) (?:-->\|[^|]*\||---) (\w+)$/.exec(line)?.slice(1) ?? []);
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.filter((end) => !boxes.includes(end))).toEqual([]);
  }
});

test("manifests stand in one file for each chart", () => {
  const manifests = [...planFiles(prod).keys()].filter((name) => name.startsWith("manifests/"));
  expect(manifests).toEqual(prod.deploy.charts.map((chart) => `manifests/${chart}.yaml`));
});
