/** What each check does in the cluster; MK's examples have the same names, with the command's own prefix. */
import { z } from "zod";
import { assertNever } from "../../errors/assert-never";
import type { Bench } from "./bench";
import { urlOf, wrongAnswer, type Page } from "./dial";
import { Objects, webScript } from "./objects";
import type { Task, VerifyPlan } from "./plan";
import { CheckFailure } from "./reasons";

/** The cluster and the objects of one run. */
export interface TaskContext {
  readonly bench: Bench;
  readonly plan: VerifyPlan;
  /** A text that only this run's pods answer with. */
  readonly token: string;
  /** Aborted when the check's limit is over, or by the user. */
  readonly signal: AbortSignal;
}

type Of<Kind extends Task["kind"]> = Extract<Task, { readonly kind: Kind }>;

/** @returns what was seen, in a few words @throws CheckFailure */
export function runTask(task: Task, context: TaskContext): Promise<string> {
  switch (task.kind) {
    case "nodePort":
      return nodePort(task, context);
    case "blockClaim":
      return blockClaim(task, context);
    case "sharedClaim":
      return sharedClaim(task, context);
    case "dns":
      return dns(task, context);
    case "ingress":
      return ingress(task, context);
    case "benchmark":
      return benchmark(task, context);
    default:
      return assertNever(task);
  }
}

function objectsOf({ plan, bench }: TaskContext): Objects {
  return new Objects(bench.namespace, plan.environment);
}

async function nodePort(task: Of<"nodePort">, context: TaskContext): Promise<string> {
  const { bench, signal, plan, token } = context;
  const objects = objectsOf(context);
  const pod = "verify-nginx";
  await bench.create(objects.service("verify-nginx-service", pod, task.nodePort), signal);
  const script = webScript("", token);
  await bench.create(objects.pod({ name: pod, image: plan.toolbox, script, serves: true }), signal);
  await bench.podDone(pod, "ready", signal);
  const page: Page = { ...task.dial, protocol: "http", host: task.dial.address, path: "/" };
  return answered(page, context, "check that ports.window.open has your address, and the edge's firewall");
}

async function ingress(task: Of<"ingress">, context: TaskContext): Promise<string> {
  const { bench, signal, plan, token } = context;
  const objects = objectsOf(context);
  const { host, path, className, dial } = task;
  const [pod, service] = ["verify-page", "verify-page"];
  await bench.create(objects.service(service, pod), signal);
  await bench.create(objects.ingress("verify-page", service, { host, path, className }), signal);
  const script = webScript(path, token);
  await bench.create(objects.pod({ name: pod, image: plan.toolbox, script, serves: true }), signal);
  await bench.podDone(pod, "ready", signal);
  const page: Page = { ...dial, protocol: "https", host, path: `${path}/` };
  return answered(
    page,
    context,
    "check that ingress.from has your address, and the ingress controller's log",
  );
}

async function answered(page: Page, { bench, signal, token }: TaskContext, fix: string): Promise<string> {
  const started = Date.now();
  const ask = (): Promise<string | undefined> => wrongAnswer(page, token, signal);
  const wrong = await bench.answered(ask, signal);
  if (wrong === undefined) return `${urlOf(page)} answers after ${seconds(started)} s`;
  throw new CheckFailure({
    cause: "network",
    explanation: `the pod is ready, and ${urlOf(page)} (host ${page.host}) gives no page of it: ${wrong}`,
    fix,
  });
}

async function blockClaim(task: Of<"blockClaim">, context: TaskContext): Promise<string> {
  const { bench, signal, plan } = context;
  const objects = objectsOf(context);
  const [claim, pod, path] = ["verify-csi-pvc-cinderplugin", "verify-writer", "/var/lib/www/html"];
  const started = Date.now();
  await bench.create(objects.claim(claim, task.storageClass, "ReadWriteOnce", "1Gi"), signal);
  const script = `echo written > ${path}/verify && sync && grep -q written ${path}/verify`;
  await bench.create(objects.pod({ name: pod, image: plan.toolbox, script, mount: { claim, path } }), signal);
  const node = await bench.podDone(pod, "succeeded", signal);
  return `${await bench.volumeOf(claim, signal)}, written on ${node} after ${seconds(started)} s`;
}

async function sharedClaim(task: Of<"sharedClaim">, context: TaskContext): Promise<string> {
  const { bench, signal, plan } = context;
  const objects = objectsOf(context);
  const [claim, path] = ["verify-nfs", "/mnt"];
  const { key, value } = task.nodeLabel;
  // A lab without MK's labels still has shared storage; then any node will do.
  const labelled = await bench.hasNode(key, value, signal);
  await bench.create(objects.claim(claim, task.storageClass, "ReadWriteMany", "1Mi"), signal);
  const mount = { claim, path };
  const touch = `touch ${path}/busybox-A`;
  const writer = { name: "verify-busy-a", image: plan.toolbox, script: touch, mount };
  await bench.create(objects.job({ ...writer, ...(labelled ? { nodeLabel: task.nodeLabel } : {}) }), signal);
  const wrote = await bench.jobDone(writer.name, signal);
  const reader = { name: "verify-busy-b", image: plan.toolbox, script: `test -f ${path}/busybox-A`, mount };
  await bench.create(objects.job(reader), signal);
  const read = await bench.jobDone(reader.name, signal);
  const where = labelled
    ? `node ${key}: ${value} (${wrote})`
    : `${wrote}, as no node has the label ${key}: ${value}`;
  return `written on ${where}, read on ${read}`;
}

async function dns(task: Of<"dns">, context: TaskContext): Promise<string> {
  const { bench, signal, plan } = context;
  const script = task.names.map((name) => `nslookup -type=a ${name}`).join(" && ");
  const pod = "verify-dns";
  await bench.create(objectsOf(context).pod({ name: pod, image: plan.toolbox, script }), signal);
  const node = await bench.podDone(pod, "succeeded", signal);
  return `${task.names.join(", ")} found on ${node}`;
}

/** What is shown of fio's report. */
const side = z.object({ iops: z.number(), bw_bytes: z.number(), clat_ns: z.object({ mean: z.number() }) });
const report = z.object({ jobs: z.array(z.object({ read: side, write: side })).min(1) });

async function benchmark(task: Of<"benchmark">, context: TaskContext): Promise<string> {
  const { bench, signal } = context;
  const objects = objectsOf(context);
  const name = `verify-fio-${task.storageClass}`;
  const path = "/data";
  await bench.create(objects.claim(name, task.storageClass, task.mode, "1Gi"), signal);
  const options = ["--size=256M", "--rw=randrw", "--bs=4k", "--iodepth=16", "--runtime=20", "--time_based"];
  const script = `fio --name=verify --directory=${path} ${options.join(" ")} --end_fsync=1 --output-format=json`;
  const pod = { name, image: task.image, script, memory: "512Mi", mount: { claim: name, path } };
  await bench.create(objects.pod(pod), signal);
  await bench.podDone(name, "succeeded", signal);
  return benchmarkText(await bench.log(name, signal));
}

/** @throws CheckFailure for an output that is no report */
export function benchmarkText(output: string): string {
  const start = output.indexOf("{");
  const parsed = report.safeParse(start < 0 ? undefined : parsedJson(output.slice(start)));
  const [job] = parsed.success ? parsed.data.jobs : [];
  if (job !== undefined) return `read ${sideText(job.read)}; write ${sideText(job.write)}`;
  throw new CheckFailure({
    cause: "program",
    explanation: `fio gives no report: ${output.trim().slice(0, 200) || "no output"}`,
    fix: "name an image whose fio writes JSON with --fio-image",
  });
}

function sideText({ iops, bw_bytes, clat_ns }: z.output<typeof side>): string {
  const [perSecond, mebibytes] = [Math.round(iops), (bw_bytes / 1024 / 1024).toFixed(1)];
  return `${String(perSecond)} IOPS, ${mebibytes} MiB/s, ${(clat_ns.mean / 1e6).toFixed(1)} ms`;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function seconds(started: number): string {
  return String(Math.round((Date.now() - started) / 1000));
}
