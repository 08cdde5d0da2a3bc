/**
 * How the bridge grows with the number of users, beside cdk8s's own `synth()`.
 *
 *     node --import tsx bench/bridge.bench.ts [users ...]
 *
 * One user is a Deployment of three containers, a Service and a claim. Exit code 1 when an object costs more than twice
 * as much at the largest size as at the smallest.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiObject, App, Chart, Size } from "cdk8s";
import * as kplus from "cdk8s-plus-27";
import { planCharts } from "../deploy/plan";
import { maskObject, renderCharts } from "../deploy/render";

const OBJECTS_PER_USER = 3;
const ALLOWED_GROWTH = 2;
const SIZES = [1_000, 3_000, 10_000];
/** At more users `synth()` only takes longer: its own growth is not what is measured here. */
const SYNTH_USERS = 1_000;

type Build = (chart: Chart, user: number) => void;

interface Measurement {
  readonly style: string;
  readonly users: number;
  readonly buildMs: number;
  readonly planMs: number;
  readonly jsonMs: number;
}

const STYLES: Readonly<Record<string, Build>> = { "cdk8s-plus": plusUser, "raw ApiObject": rawUser };

function plusUser(chart: Chart, user: number): void {
  const deployment = new kplus.Deployment(chart, `user-${user}`, {
    metadata: { name: `user-${user}` },
    replicas: 1,
    containers: ["web", "api", "dataserver"].map((name, index) => ({
      name,
      image: `registry.example/${name}:1`,
      ports: [{ number: 8080 + index, name }],
    })),
  });
  deployment.exposeViaService({ name: `user-${user}`, ports: [{ port: 80, targetPort: 8080 }] });
  new kplus.PersistentVolumeClaim(chart, `claim-${user}`, {
    metadata: { name: `user-${user}` },
    accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
    storage: Size.gibibytes(1),
  });
}

function rawUser(chart: Chart, user: number): void {
  const name = `user-${user}`;
  const labels = { app: name };
  const containers = ["web", "api", "dataserver"].map((container, index) => ({
    name: container,
    image: `registry.example/${container}:1`,
    ports: [{ containerPort: 8080 + index }],
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  }));
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  new ApiObject(chart, `d-${user}`, { apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec });
  const service = { selector: labels, ports: [{ port: 80, targetPort: 8080 }] };
  new ApiObject(chart, `s-${user}`, { apiVersion: "v1", kind: "Service", metadata: { name }, spec: service });
  const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  new ApiObject(chart, `c-${user}`, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: claim,
  });
}

function buildApp(users: number, build: Build, outdir: string): App {
  const app = new App({ outdir });
  const chart = new Chart(app, "users", { namespace: "users" });
  new ApiObject(chart, "namespace", { apiVersion: "v1", kind: "Namespace", metadata: { name: "users" } });
  for (let user = 0; user < users; user++) build(chart, user);
  return app;
}

function timed<Result>(work: () => Result): { readonly ms: number; readonly result: Result } {
  const start = performance.now();
  const result = work();
  return { ms: performance.now() - start, result };
}

function measure(style: string, users: number, build: Build): Measurement {
  const built = timed(() => buildApp(users, build, tmpdir()));
  const planned = timed(() => planCharts(built.result));
  const printed = timed(() =>
    planned.result.objects.map((object) => JSON.stringify(maskObject(object))).join("\n"),
  );
  return { style, users, buildMs: built.ms, planMs: planned.ms, jsonMs: printed.ms };
}

function measureSynth(build: Build): number {
  const outdir = mkdtempSync(join(tmpdir(), "labstead-bench-"));
  const app = buildApp(SYNTH_USERS, build, outdir);
  const { ms } = timed(() => app.synth());
  rmSync(outdir, { recursive: true });
  return ms;
}

/** YAML of 300 objects, as `labstead plan` writes it. */
function measureYaml(build: Build): number {
  const plan = planCharts(buildApp(100, build, tmpdir()));
  return timed(() => renderCharts(plan)).ms;
}

const perObject = ({ users, planMs }: Measurement): number => planMs / (users * OBJECTS_PER_USER);
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

function report(style: string, build: Build, sizes: readonly number[]): number {
  measure(style, 300, build);
  const measured = sizes.map((users) => measure(style, users, build));
  const synthMs = measureSynth(build);
  for (const one of measured) {
    const synth =
      one.users === SYNTH_USERS ? `${Math.round(synthMs)} (${(synthMs / one.planMs).toFixed(1)}×)` : "";
    const cells = [one.buildMs, one.planMs, one.jsonMs].map(Math.round);
    console.log(
      row([
        style,
        one.users,
        one.users * OBJECTS_PER_USER,
        ...cells,
        (perObject(one) * 1000).toFixed(0),
        synth,
      ]),
    );
  }
  console.error(`${style}: YAML of 300 objects in ${Math.round(measureYaml(build))} ms`);
  const [first] = measured;
  const last = measured[measured.length - 1];
  return first && last ? perObject(last) / perObject(first) : 1;
}

function main(): void {
  const given = process.argv.slice(2).map(Number);
  const sizes = given.length > 0 ? given : SIZES;
  console.log(
    row([
      "Written with",
      "Users",
      "Objects",
      "build ms",
      "plan ms",
      "JSON ms",
      "plan µs an object",
      "synth() ms",
    ]),
  );
  console.log(row(Array.from({ length: 8 }, (_, index) => (index === 0 ? "---" : "---:"))));
  for (const [style, build] of Object.entries(STYLES)) {
    const growth = report(style, build, sizes);
    console.error(
      `${style}: an object costs ${growth.toFixed(2)} times as much at the largest size as at the smallest`,
    );
    if (growth > ALLOWED_GROWTH) process.exitCode = 1;
  }
}

main();
