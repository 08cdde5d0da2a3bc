/** What a report says of things: where they are set, what reaches them, what they cost. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { plainText } from "../../../review/report/text";
import type { Line, Report, Step } from "../../../review/report/types";
import { ROOT } from "../../cli/command";
import { prodReport, reportOf, tenantReport, thingOf, thingsOf } from "./reports";

const prod = reportOf("Pulumi.prod.yaml");

function textOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ title, lines }) => lines.map((line) => `${title}: ${plainText(line)}`));
}

describe("the way of a port", () => {
  test("443 of prod, from the internet to the Services behind the ingress controller", () => {
    expect(textOf(thingOf(prod, "port/https").reached)).toEqual([
      "clients: 0.0.0.0/0 (the internet): published port https",
      "address edge: 192.168.3.5, with a floating IP",
      "rule of security group prod-loadBalancer: tcp 443 from 0.0.0.0/0 (the internet): published port https",
      "firewall on each server of loadBalancer: tcp 443 from 0.0.0.0/0 (the internet): published port https",
      "HAProxy frontend of load balancer edge: tcp 443 to port 30443 of 4 servers: workers.general",
      "rule of security group prod-workers: tcp 30443 from group loadBalancer: NodePort of https",
      "firewall on each server of workers.general: tcp 30443 from 192.168.3.18-192.168.3.25: NodePort of https",
      "answers: Service kube-system/ingress-nginx-prod with NodePort 30443",
      "hosts that the ingress controller forwards: datalabs.lab.example.org/ to datalab/datalab-app-service port 80",
      "hosts that the ingress controller forwards: datalabs.lab.example.org/api to datalab/datalab-api-service port 8000",
      "hosts that the ingress controller forwards: datalabs-docs.lab.example.org/ to datalab/docs-service port 80",
      "hosts that the ingress controller forwards: catalogue.lab.example.org/ to datalab/datalab-app-service port 80",
    ]);
  });

  test("is by the groups of Octavia's address, and without a balancer by those of the nodes", () => {
    const titles = (file: string) => thingOf(reportOf(file), "port/https").reached.map(({ title }) => title);
    expect(titles("examples/ska.yaml").slice(0, 5)).toEqual([
      "clients",
      "address edge",
      "rule of security group ska-edge",
      "Octavia listener of load balancer edge",
      "rule of security group ska-workers",
    ]);
    const direct = thingOf(prodReport({ edge: { kind: "none" }, tenants: {} }), "port/https").reached;
    expect(direct.map(({ title }) => title).slice(0, 3)).toEqual([
      "clients",
      "rule of security group prod-workers",
      "firewall on each server of workers.general",
    ]);
  });

  test("of a tenant names the rules of its owner", () => {
    expect(textOf(thingOf(tenantReport({}), "port/https").reached)).toContain(
      "rules of prod: port 31443 is open to this environment by tenants.test of prod, whose report has the rule",
    );
  });

  test("has at least one rule for every port of every example", () => {
    for (const file of stackFiles().filter((each) => !WITHOUT_PORTS.includes(each))) {
      const ports = thingsOf(reportOf(file), "ports");
      expect(ports.length).toBeGreaterThan(0);
      for (const { reached } of ports)
        expect(reached.some(({ title }) => title.startsWith("rule of"))).toBe(true);
    }
  });
});

const WITHOUT_PORTS = ["examples/existing-cluster.yaml", "examples/projects.yaml"];

function stackFiles(): readonly string[] {
  const examples = readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}`);
  return ["Pulumi.prod.yaml", "Pulumi.test.yaml", ...examples];
}

describe("places", () => {
  test("are lines of the file, or the key that has the default", () => {
    const { line, ...pool } = thingOf(prod, "pool/workers.general").places[0] ?? { path: "" };
    expect(pool).toEqual({ path: "servers.workers.general", written: "servers.workers.general" });
    expect(line).toBeGreaterThan(50);
    expect(thingOf(prod, "port/https").places[0]).toMatchObject({
      path: "ingress.https",
      written: "ingress",
    });
    expect(thingOf(prodReport({}), "port/https").places[0]).toEqual({ path: "ingress.https" });
  });

  test("of rules follow from the ports, tenants and ways in that they are for", () => {
    const placed = (group: string) =>
      thingOf(prod, `group/${group}`).tables[0]?.rows.map(({ cells: [ports = []], place }) => [
        plainText(ports),
        place?.path,
      ]);
    expect(placed("bastion")).toEqual([["tcp 22", "access.ssh.from"]]);
    expect(placed("gateway")).toEqual([
      ["udp 7777", "access.wireguard.from"],
      ["tcp 8888", "cluster.api.port"],
      ["tcp 8888", "cluster.api.port"],
      ["vrrp", undefined],
    ]);
    expect(placed("workers")).toContainEqual(["tcp 31443", "tenants.test"]);
    expect(placed("workers")).toContainEqual(["tcp 30055–30060", "tenants.test"]);
  });
});

test("costs of things are those of the environment", () => {
  expect(thingOf(prod, "pool/workers.general").cost).toBe("730.00 EUR a month");
  expect(thingOf(prod, "volume/gluster/brick").cost).toBe("150.00 EUR a month");
  expect(thingOf(prod, "vip/edge").cost).toBe("2.50 EUR a month");
  expect(thingOf(prod, "namespace/datalab").cost).toBe("0.50 EUR a month");
  const parts = ["servers", "storage", "networks", "applications"] as const;
  const amounts = parts.flatMap((section) =>
    thingsOf(prod, section).map(({ cost }) => Number(/^[\d.]+/.exec(cost ?? "")?.[0] ?? 0)),
  );
  expect(amounts.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1274.5);
  expect(thingOf(reportOf("examples/ska.yaml"), "pool/bastion").cost).toBe("no prices");
});

test("applications come first, under the names of their parts", () => {
  const names = (file: string) =>
    thingsOf(reportOf(file), "applications").filter(({ what }) => what === "application");
  expect(names("examples/jupyterhub.yaml").map(({ title, places }) => [title, places[0]?.path])).toEqual([
    ["the hubs", "apps.hub"],
  ]);
  expect(names("examples/savu.yaml").map(({ id }) => id)).toEqual(["application/userPods"]);
});

test("people and what they reach", () => {
  const facts = thingOf(prod, "person/ada").facts.map(({ label, value }) => `${label}: ${plainText(value)}`);
  expect(facts.slice(0, 3)).toEqual([
    "SSH: through the bastion",
    "WireGuard: address 172.30.153.70",
    "Kubernetes: edit in datalab",
  ]);
  expect(facts).toContain("reaches: the Kubernetes API: tcp 8888 of 192.168.3.4");
});

test.each(stackFiles())("every link of %s leads to something, once", (file) => {
  const report = reportOf(file);
  const ids = idsOf(report);
  expect(new Set(ids).size).toBe(ids.length);
  const links = linesOf(report).flatMap((line) =>
    line.flatMap((piece) => (typeof piece === "string" ? [] : [piece.to])),
  );
  const cells = report.picture.boxes.flatMap(({ to, cells: inside }) => [
    ...(to === undefined ? [] : [to]),
    ...inside.map((cell) => cell.to),
  ]);
  expect([...links, ...cells].filter((id) => !ids.includes(id))).toEqual([]);
});

test.each(stackFiles())("the picture of %s has no edge without its boxes, and every server", (file) => {
  const { picture, sections } = reportOf(file);
  const boxes = picture.boxes.map(({ id }) => id);
  expect(picture.edges.flatMap(({ from, to }) => [from, to]).filter((id) => !boxes.includes(id))).toEqual([]);
  const servers =
    sections[0]?.things.flatMap(({ tables }) => tables[0]?.rows.map(({ id }) => id) ?? []) ?? [];
  const cells = picture.boxes.flatMap((box) => box.cells.map(({ to }) => to));
  expect(servers.filter((id) => id === undefined || !cells.includes(id))).toEqual([]);
});

test("the picture shows what is open to whom", () => {
  const open = (report: Report) =>
    report.picture.edges
      .filter(({ kind }) => kind === "open")
      .map(({ from, to, text }) => `${from} → ${to}: ${text}`);
  expect(open(prod)).toEqual([
    "source/198.51.100.0/24 → pool/bastion: 22",
    "source/the internet → vip/api: udp 7777",
    "source/198.51.100.0/24 → vip/api: 8888",
    "source/the internet → vip/edge: 80, 443",
    "source/198.51.100.0/24 → vip/edge: 30048–30054",
  ]);
  const many = Array.from({ length: 9 }, (_, index) => `203.0.113.${String(index)}/32`);
  expect(open(prodReport({ "access.ssh.from": many }))).toContain("source/10 networks → pool/bastion: 22");
});

function idsOf({ sections }: Report): readonly string[] {
  return sections.flatMap(({ things }) =>
    things.flatMap(({ id, tables }) => [
      id,
      ...tables.flatMap(({ rows }) => rows.flatMap((row) => row.id ?? [])),
    ]),
  );
}

function linesOf({ sections }: Report): readonly Line[] {
  return sections.flatMap(({ things }) =>
    things.flatMap(({ summary, facts, reached, tables }) => [
      ...summary,
      ...facts.map(({ value }) => value),
      ...reached.flatMap(({ lines }) => lines),
      ...tables.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells)),
    ]),
  );
}
