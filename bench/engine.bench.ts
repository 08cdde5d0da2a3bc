/**
 * What `preview` and `up` cost on the built-in cloud as Kubernetes objects grow, beside a bare loop over the SDK's own
 * classes with the same engine and the same provider servers. Run: `node --import tsx bench/engine.bench.ts [100 300 …]`.
 * Fails when a no-change preview of ours costs more than twice the bare loop's: only ratios of one run are judged.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { App, Chart } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { ValueBindings } from "../deploy/bindings";
import { kubernetesProvider } from "../deploy/kubernetes-provider";
import { planCharts } from "../deploy/plan";
import { registerPlan } from "../deploy/register";
import { startCloud } from "../cli/rehearse/cloud";
import { Engine } from "../rehearsal/engine";
import { install } from "../tools/toolchain/executables";
import { pulumi } from "../tools/toolchain/pulumi";

const SIZES = process.argv.slice(2).map(Number);
const COUNTS = SIZES.length > 0 ? SIZES : [100, 300, 1000];
/** How much dearer than the bare loop a no-change preview may be. */
const LIMIT = 2;
const KUBECONFIG = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "bench", cluster: { server: "https://127.0.0.1:6443" } }],
  contexts: [{ name: "bench", context: { cluster: "bench", user: "bench" } }],
  users: [{ name: "bench", user: {} }],
  "current-context": "bench",
});

type Program = (count: number) => () => Promise<void>;

interface Figures {
  readonly firstPreview: number;
  readonly up: number;
  readonly noChange: number;
}

/** Namespaces hold a hundred objects each, half of them ConfigMaps, half Services. */
function manifests(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    index,
    namespace: `ns-${String(Math.floor(index / 100))}`,
    name: `object-${String(index)}`,
  }));
}

const ours: Program = (count) => async () => {
  const app = new App();
  const chart = new Chart(app, "objects");
  for (const { index, namespace, name } of manifests(count)) {
    if (index % 100 === 0) new k8s.KubeNamespace(chart, namespace, { metadata: { name: namespace } });
    else if (index % 2 === 0)
      new k8s.KubeConfigMap(chart, name, { metadata: { name, namespace }, data: { key: name } });
    else
      new k8s.KubeService(chart, name, {
        metadata: { name, namespace },
        spec: { selector: { app: name }, ports: [{ port: 80 }] },
      });
  }
  const provider = kubernetesProvider("kubernetes", { kubeconfig: KUBECONFIG, clusterIdentifier: "bench" });
  registerPlan(planCharts(app), { provider, bindings: ValueBindings.of({}) });
  return Promise.resolve();
};

const bare: Program = (count) => async () => {
  const provider = new kubernetes.Provider("kubernetes", {
    kubeconfig: KUBECONFIG,
    clusterIdentifier: "bench",
    enableConfigMapMutable: true,
  });
  let namespaceResource: kubernetes.core.v1.Namespace | undefined;
  for (const { index, namespace, name } of manifests(count)) {
    const options = { provider, dependsOn: namespaceResource === undefined ? [] : [namespaceResource] };
    if (index % 100 === 0)
      namespaceResource = new kubernetes.core.v1.Namespace(
        namespace,
        { metadata: { name: namespace } },
        { provider },
      );
    else if (index % 2 === 0)
      new kubernetes.core.v1.ConfigMap(name, { metadata: { name, namespace }, data: { key: name } }, options);
    else
      new kubernetes.core.v1.Service(
        name,
        {
          metadata: { name, namespace, annotations: { "pulumi.com/skipAwait": "true" } },
          spec: { selector: { app: name }, ports: [{ port: 80 }] },
        },
        options,
      );
  }
  return Promise.resolve();
};

async function measure(name: string, program: Program, count: number, executable: string): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), `labstead-bench-${name}-`));
  const cloud = await startCloud({ directory: join(folder, "cloud") });
  try {
    const engine = await Engine.open({
      directory: join(folder, "engine"),
      pulumi: executable,
      source: { project: "labstead", stack: "bench" },
      program: program(count),
      debugProviders: cloud.debugProviders,
    });
    const firstPreview = await seconds(() => engine.preview());
    const up = await seconds(() => engine.up());
    const noChange = await seconds(() => engine.preview());
    return { firstPreview, up, noChange };
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

async function main(): Promise<void> {
  const executable = await install(pulumi(), { log: console.log });
  console.log(
    "| Objects | preview | up | no-change preview | bare: preview | up | no-change preview |\n|---:|---:|---:|---:|---:|---:|---:|",
  );
  const ratios: number[] = [];
  for (const count of COUNTS) {
    const own = await measure("ours", ours, count, executable);
    const loop = await measure("bare", bare, count, executable);
    ratios.push(own.noChange / loop.noChange);
    const cells = [own.firstPreview, own.up, own.noChange, loop.firstPreview, loop.up, loop.noChange].map(
      (value) => `${value.toFixed(1)} s`,
    );
    console.log(`| ${String(count)} | ${cells.join(" | ")} |`);
  }
  // Small sizes are all start-up, whose time varies: the largest one is judged.
  const ratio = ratios.at(-1) ?? 0;
  console.log(`no-change preview of the most objects, ours to bare: ${ratio.toFixed(2)}`);
  if (ratio > LIMIT) process.exitCode = 1;
}

void main();
