/**
 * How the cost of one more grows, where it is not the bridge's or the engine's (they have benchmarks of their own): each
 * work is done at a size and at four times that size. Run: `node --import tsx bench/growth.bench.ts`. Exit code 1 when
 * one costs more than twice as much at the larger size.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiObject, App, Chart } from "cdk8s";
import { parseDocument } from "yaml";
import { environments } from "../catalog";
import { orderObjects } from "../deploy/order";
import { planCharts } from "../deploy/plan";
import { renderCharts } from "../deploy/render";
import { ENVIRONMENT_KEY } from "../environment/stack-file";
import { lab } from "../lab";
import * as t from "../openstack-api/resources/tokens";
import { stackReport } from "../cli/report/stack-report";
import { planFiles } from "../review/plan-files";
import { reportPage } from "../review/report/page/page";
import { Folder, service } from "../test/rehearsal/kubernetes/harness";
import { Lab } from "../test/rehearsal/openstack/fixture";
import { REPOSITORY } from "../tools/toolchain/executables";

const ALLOWED_GROWTH = 2;
const TIMES = 4;
/** The best of so many counts: what else the machine does only ever adds. */
const TRIES = 3;

interface Work {
  readonly what: string;
  readonly size: number;
  /** Milliseconds for so many of it. */
  readonly take: (size: number) => Promise<number>;
}

const WORKS: readonly Work[] = [
  { what: "planned layers of objects, each on the one before", size: 100, take: layers },
  { what: "ordered objects of two groups, one after the other", size: 20_000, take: groups },
  { what: "objects as YAML, as `labstead plan` writes it", size: 300, take: yaml },
  { what: "people of a stack file, read, checked and planned", size: 5_000, take: people },
  { what: "servers of a report, from the plan to the page", size: 100, take: report },
  { what: "users' pods of a stack file, read, checked, planned and rendered", size: 250, take: users },
  { what: "stacks of projects, read, checked, planned and rendered", size: 250, take: stacks },
  { what: "hubs of 20 people, read, checked, planned and rendered", size: 50, take: hubs },
  { what: "ports of the built-in cloud", size: 500, take: ports },
  { what: "objects of the built-in cluster", size: 1_000, take: services },
];

/** Two objects in each layer: paths through them double with every layer, which takes `synth()` seconds. */
function layers(count: number): Promise<number> {
  const app = new App();
  const chart = new Chart(app, "layers", { namespace: "layers" });
  let below: readonly ApiObject[] = [];
  for (let layer = 0; layer < count; layer++) {
    const here = [0, 1].map(
      (side) =>
        new ApiObject(chart, `l${String(layer)}-${String(side)}`, { apiVersion: "v1", kind: "ConfigMap" }),
    );
    for (const one of here) one.addDependency(...below);
    below = here;
  }
  return timed(() => planCharts(app));
}

/** Every object of one group waits for every object of another: the product must not be written out. */
function groups(count: number): Promise<number> {
  const size = count / 2;
  const objects = Array.from({ length: count }, (_, index) => ({
    path: `o${String(index)}`,
    turn: 0,
    scope: index < size ? -1 : 0,
  }));
  const first = { path: "first", range: { start: 0, end: size } };
  const second = { path: "second", parent: -1, range: { start: size, end: count }, dependsOn: [first] };
  return timed(() => orderObjects({ objects, scopes: [second], needs: [], turns: 1 }));
}

function yaml(count: number): Promise<number> {
  const app = new App();
  const chart = new Chart(app, "many", { namespace: "many" });
  const env = [{ name: "A", value: "b" }];
  const containers = [0, 1, 2].map((n) => ({ name: `c${String(n)}`, image: "x:1", args: ["--a=b"], env }));
  for (let n = 0; n < count; n++) {
    const name = `o${String(n)}`;
    new ApiObject(chart, name, { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers } });
  }
  const plan = planCharts(app);
  return timed(() => renderCharts(plan));
}

/** From the file to the texts of the plan, nothing written. */
function people(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "labstead-bench-"));
  try {
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(file, prodWithPeople(count));
    return timed(() => planFiles(lab(environments.read(file))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The plan is made before. */
function report(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "labstead-bench-"));
  try {
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(file, prodWithWorkers(count));
    const composed = lab(environments.read(file));
    return timed(() => reportPage(stackReport(composed, file)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** prod with so many workers, and networks for them. */
function prodWithWorkers(count: number): string {
  const document = parseDocument(readFileSync(join(REPOSITORY, "Pulumi.prod.yaml"), "utf8"));
  const general = { flavor: "large", min: count, range: { start: 0, size: count } };
  document.setIn(["config", ENVIRONMENT_KEY, "servers", "workers"], { general });
  document.setIn(["config", ENVIRONMENT_KEY, "network", "cidr"], "10.0.0.0/16");
  document.setIn(["config", ENVIRONMENT_KEY, "cluster", "podCidr"], "10.128.0.0/14");
  document.deleteIn(["config", ENVIRONMENT_KEY, "quota"]);
  return document.toString();
}

/** From the file to the objects, nothing written. */
function users(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "labstead-bench-"));
  try {
    const file = join(folder, "Pulumi.savu.yaml");
    const document = parseDocument(readFileSync(join(REPOSITORY, "examples/savu.yaml"), "utf8"));
    const all = Array.from({ length: count }, (_, index) => [`u${String(index)}`, { uid: 10_000 + index }]);
    document.setIn(["config", ENVIRONMENT_KEY, "apps", "userPods", "users"], Object.fromEntries(all));
    writeFileSync(file, document.toString());
    return timed(() => lab(environments.read(file)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From the file to the objects, nothing written: projects of ten stacks with a common storage. */
function stacks(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "labstead-bench-"));
  try {
    const file = join(folder, "Pulumi.projects.yaml");
    const document = parseDocument(readFileSync(join(REPOSITORY, "examples/projects.yaml"), "utf8"));
    const all = Array.from({ length: count / 10 }, (_, index) => [`p${String(index)}`, projectOf(index)]);
    document.setIn(["config", ENVIRONMENT_KEY, "apps", "projects", "projects"], Object.fromEntries(all));
    writeFileSync(file, document.toString());
    return timed(() => lab(environments.read(file)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function projectOf(index: number): object {
  const names = Array.from({ length: 10 }, (_, stack) => `s${String(stack)}`);
  return {
    groups: { [`g${String(index)}`]: "edit" },
    storage: { work: { size: "10Gi" } },
    stacks: Object.fromEntries(names.map((name) => [name, { kind: "jupyterlab", storage: "work" }])),
  };
}

/** From the file to the objects, nothing written: each hub is for 20 people of a course, and has two profiles. */
function hubs(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "labstead-bench-"));
  try {
    const file = join(folder, "Pulumi.jupyterhub.yaml");
    const document = parseDocument(readFileSync(join(REPOSITORY, "examples/jupyterhub.yaml"), "utf8"));
    const all = Array.from({ length: count }, (_, index) => [`hub${String(index)}`, hubOf(index)]);
    document.setIn(["config", ENVIRONMENT_KEY, "apps", "hub", "hubs"], Object.fromEntries(all));
    writeFileSync(file, document.toString());
    return timed(() => lab(environments.read(file)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hubOf(index: number): object {
  const people = Array.from({ length: 20 }, (_, person) => `p${String(index * 20 + person)}`);
  return {
    signIn: { kind: "lti11", consumerKey: "course", letIn: { kind: "listed", users: people } },
    profiles: { small: { title: "Small" }, large: { title: "Large", cpu: { guarantee: "1", limit: "4" } } },
  };
}

/** prod with so many operators, each with a key of their own. */
function prodWithPeople(count: number): string {
  const document = parseDocument(readFileSync(join(REPOSITORY, "Pulumi.prod.yaml"), "utf8"));
  const persons = Array.from({ length: count }, (_, index) => {
    const ssh = { key: sshKey(index), as: "operator" };
    return [`p${String(index)}`, { ssh, kubernetes: { everywhere: "view" } }] as const;
  });
  document.setIn(["config", ENVIRONMENT_KEY, "people"], Object.fromEntries(persons));
  return document.toString();
}

/** In the form of RFC 8709: type and 32 bytes, each with its length before it. */
function sshKey(seed: number): string {
  const type = "ssh-ed25519";
  const parts = [Buffer.from(type), createHash("sha256").update(String(seed)).digest()];
  const body = Buffer.concat(parts.flatMap((part) => [Buffer.from([0, 0, 0, part.length]), part]));
  return `${type} ${body.toString("base64")}`;
}

async function ports(count: number): Promise<number> {
  const lab = new Lab();
  try {
    const network = await lab.create(t.NETWORK, "net", {});
    await lab.create(t.SUBNET, "subnet", { networkId: network.id, cidr: "10.0.0.0/16" });
    return await timed(async () => {
      for (let port = 0; port < count; port++)
        await lab.create(t.PORT, `p${String(port)}`, { networkId: network.id });
    });
  } finally {
    lab.close();
  }
}

async function services(count: number): Promise<number> {
  const folder = new Folder();
  try {
    const provider = await folder.provider();
    return await timed(async () => {
      for (let index = 0; index < count; index++)
        await provider.create(service(`s${String(index)}`, [{ port: 80 }], {}));
    });
  } finally {
    folder.remove();
  }
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Microseconds for one. */
async function cost({ take }: Work, size: number): Promise<number> {
  const tries: number[] = [];
  for (let count = 0; count < TRIES; count++) tries.push(await take(size));
  return (Math.min(...tries) / size) * 1000;
}

async function main(): Promise<void> {
  console.log(
    "| What | one of so many | µs | one of so many | µs | growth |\n|---|---:|---:|---:|---:|---:|",
  );
  for (const work of WORKS) {
    const larger = work.size * TIMES;
    // What is not compiled yet would be dear at the smaller size only.
    await work.take(larger);
    const [small, large] = [await cost(work, work.size), await cost(work, larger)];
    const growth = large / small;
    const cells = [work.what, work.size, small.toFixed(0), larger, large.toFixed(0), growth.toFixed(2)];
    console.log(`| ${cells.join(" | ")} |`);
    if (growth > ALLOWED_GROWTH) process.exitCode = 1;
  }
}

void main();
