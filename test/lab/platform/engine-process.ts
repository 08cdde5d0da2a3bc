/**
 * The engine with our program, the built-in cloud, and both plugins that talk to the machines' cluster, in a process of
 * their own: it runs in the network namespace of the machines, where an operator's laptop is. Asked and answering over the
 * channel to its parent.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { httpNamespaceProbe } from "../../../provider/kubernetes-api/http-namespace";
import { httpNodes } from "../../../provider/kubernetes-api/http-nodes";
import { httpProbe } from "../../../provider/kubernetes-api/http-probe";
import { labsteadPackage, NOTHING_MADE } from "../../../provider/labstead";
import { serve, type PackageHandler } from "../../../provider-protocol";
import { startCloud } from "../../../cli/rehearse/cloud";
import { Engine, type Changes } from "../../../rehearsal/engine";
import { kubernetesPackageOn } from "../../../rehearsal/kubernetes/package";
import { program } from "../../../stack/program";
import { pulumiExecutable } from "../../rehearsal/engine-lab";
import { serveTime } from "./clock";
import { reachServer } from "./served-cluster";
import { withoutImages } from "./without-images";

export interface EngineSetUp {
  /** For everything that is written. */
  readonly directory: string;
  /** Socket of whoever runs the servers. */
  readonly machines: string;
  /** Where each stack's `Pulumi.<stack>.yaml` is. */
  readonly stackFiles: string;
  /** Namespaces whose workloads `up` waits for: the nodes have their images. */
  readonly complete: readonly string[];
}

export interface Ask {
  readonly verb: "preview" | "up" | "refresh" | "destroy" | "outputs" | "state";
  readonly stack: string;
  /** A text put at the end of a pushed file, by whoever makes mistakes. @default none */
  readonly mistake?: { readonly server: string; readonly path: string; readonly text: string };
}

/** A resource that did not stay as it was. */
export interface Step {
  readonly name: string;
  readonly type: string;
  readonly operation: string;
  /** Properties that differ. */
  readonly differing: readonly string[];
}

export interface Answer {
  readonly changes: Changes;
  readonly steps: readonly Step[];
  /** Steps that have ended, in their order: `type name`. */
  readonly ended: readonly string[];
  /** Errors and warnings. */
  readonly said: readonly string[];
  /** What stopped it. @default nothing */
  readonly failed?: string;
  /** Of `outputs` and `state`. */
  readonly content?: unknown;
}

async function main(given: EngineSetUp): Promise<void> {
  const cloud = await startCloud({ directory: join(given.directory, "cloud"), machines: given.machines });
  const replaced = [kubernetesPackageOn(reachServer), ourPlugin()];
  const served = await Promise.all(replaced.map((handler) => serve(handler)));
  await serveTime();
  const others = cloud.debugProviders.split(",").filter((each) => !/^(kubernetes|labstead):/.test(each));
  const ports = replaced.map(({ name }, index) => `${name}:${String(served[index]?.port ?? 0)}`);
  const debugProviders = [...others, ...ports].join(",");
  const open = (ask: Ask): Promise<Engine> =>
    Engine.open({
      directory: join(given.directory, "work"),
      pulumi: pulumiExecutable(),
      source: {
        project: "labstead",
        stack: ask.stack,
        stackFile: join(given.stackFiles, `Pulumi.${ask.stack}.yaml`),
      },
      program: () => {
        pulumi.runtime.registerStackTransformation(withoutImages(given.complete));
        if (ask.mistake !== undefined) pulumi.runtime.registerStackTransformation(made(ask.mistake));
        return program({ directory: given.stackFiles, hasState: () => Promise.resolve(true) });
      },
      debugProviders,
      checkpoints: false,
    });
  process.on("message", (ask: Ask) => {
    void open(ask)
      .then((engine) => answer(engine, ask))
      .catch((error: unknown) => nothing(String(error)))
      .then((said) => process.send?.(said));
  });
  process.once("disconnect", () => {
    void Promise.all([cloud.stop(), ...served.map((each) => each.close())]).finally(() => process.exit());
  });
  process.send?.("ready");
}

/**
 * As `labstead destroy --with-data` starts it. The built-in cloud has no API that could be asked what the cluster's
 * controllers have made, and none of them runs here.
 */
function ourPlugin(): PackageHandler {
  const seen = { probe: httpProbe, namespaceProbe: httpNamespaceProbe, nodes: httpNodes };
  return labsteadPackage({ ...seen, cloud: NOTHING_MADE, deletesData: true });
}

/** The mistake as a transformation of the resource that it is made in. */
function made({ server, path, text }: NonNullable<Ask["mistake"]>): pulumi.ResourceTransformation {
  return ({ type, name, props, opts }) => {
    if (type !== "labstead:index:MachineFiles" || name !== server) return undefined;
    const { files } = props as {
      files: Readonly<Record<string, { readonly content: pulumi.Input<string> }>>;
    };
    const file = files[path];
    if (file === undefined) throw new Error(`${server} has no file ${path}`);
    const content = pulumi.secret(pulumi.output(file.content).apply((right) => `${right}${text}`));
    return { props: { ...props, files: { ...files, [path]: { ...file, content } } }, opts };
  };
}

function nothing(failed: string): Answer {
  return { changes: {}, steps: [], ended: [], said: [], failed };
}

async function answer(engine: Engine, { verb }: Ask): Promise<Answer> {
  if (verb === "outputs") return { ...nothing(""), content: await engine.outputs() };
  if (verb === "state") return { ...nothing(""), content: await engine.export() };
  const steps: Step[] = [];
  const [ended, said]: [string[], string[]] = [[], []];
  const onEvent = ({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: EngineEvent): void => {
    const metadata = resourcePreEvent?.metadata;
    if (metadata !== undefined && metadata.op !== "same")
      steps.push({
        name: nameOf(metadata.urn),
        type: metadata.type,
        operation: metadata.op,
        differing: Object.keys(metadata.detailedDiff ?? {}).sort(),
      });
    const done = resOutputsEvent?.metadata;
    if (done !== undefined) ended.push(`${done.op} ${done.type} ${nameOf(done.urn)}`);
    if (diagnosticEvent !== undefined && ["error", "warning"].includes(diagnosticEvent.severity))
      said.push(diagnosticEvent.message.trim());
  };
  try {
    if (verb === "destroy") await engine.unprotect();
    const { changes } = await engine[verb]({ onEvent });
    return { changes, steps, ended, said };
  } catch (error) {
    return { changes: {}, steps, ended, said, failed: String(error) };
  }
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

void main(JSON.parse(process.argv[2] ?? "{}") as EngineSetUp).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
