/** One environment's infrastructure, brought up by the real engine on the real OpenStack. */
import { parseEnvironment, planEnvironment } from "../../environments";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { parse } from "yaml";

import * as pulumi from "@pulumi/pulumi";
import { protectionText } from "../../../cli/shared/protection";
import { Pulumi } from "../../../cli/shared/pulumi";
import type { StackState } from "../../../cli/shared/stack-state";
import { findingText } from "../../../environment/findings";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { describe as describeInfra } from "../../../infra/describe";
import { register } from "../../../infra/register";
import { startCloud } from "../../../cli/rehearse/cloud";
import { Engine, type EngineCommandLine, type EngineOptions } from "../../../rehearsal/engine";
import { ClusterMade, LabsteadProvider } from "../../../provider/sdk";
import { rollingOf } from "../../../stack/rolling";
import { Undo } from "../host/undo";
import { pulumiExecutable } from "../../rehearsal/engine-lab";
import { CLUSTER_ADDRESS, kubeconfig } from "../../rehearsal/kubernetes/harness";
import type { OpenStackLab } from "./openstack-lab";
import { watched, type Done, type Watch } from "./steps";

const run = promisify(execFile);
const ROOT = resolve(__dirname, "../../..");

export type Json = { readonly [key: string]: unknown };

/** The environment of a stack file, `examples/datalabs` or `Pulumi.prod`, before it is checked. */
export function configured(file: string): Json {
  const content = parse(readFileSync(join(ROOT, `${file}.yaml`), "utf8")) as { readonly config: Json };
  return content.config["labstead:environment"] as Json;
}

export function planOf(name: string, config: Json): EnvironmentPlan {
  const parsed = parseEnvironment(name, config);
  if (!parsed.ok) throw new Error(parsed.findings.map(findingText).join("\n"));
  const result = planEnvironment(parsed.config);
  if (!result.ok) throw new Error(result.findings.map(findingText).join("\n"));
  return result.plan;
}

/** What the tests put into a server's user data: the machines' own files are the concern of others. */
export function userDataOf({ name }: ServerPlan): string {
  return `#cloud-config\nhostname: ${name}\n`;
}

/** What a run in a process of its own gets. */
export interface ApartRun {
  readonly verb: "up" | "destroy";
  readonly options: Omit<EngineOptions, "program">;
  readonly plan: EnvironmentPlan;
}

export class LabEnvironment {
  private constructor(
    private readonly undo: Undo,
    private readonly folder: string,
    private readonly engine: Engine,
    /** Of the engine, for those who run it in another way. */
    readonly engineOptions: EngineOptions,
    private readonly current: { plan: EnvironmentPlan },
  ) {}

  /**
   * @param project of the lab, also the entry of clouds.yaml and the stack
   * @param provider variables that our provider reads. @default none
   */
  static open(
    lab: OpenStackLab,
    project: string,
    plan: EnvironmentPlan,
    provider: Readonly<Record<string, string>> = {},
  ): Promise<LabEnvironment> {
    return Undo.guard((undo) => LabEnvironment.begin(undo, lab, project, { plan, provider }));
  }

  private static async begin(
    undo: Undo,
    lab: OpenStackLab,
    project: string,
    {
      plan,
      provider,
    }: { readonly plan: EnvironmentPlan; readonly provider: Readonly<Record<string, string>> },
  ): Promise<LabEnvironment> {
    const folder = undo.folder("infra");
    const current = { plan };
    const cloud = await startCloud(
      {
        directory: join(folder, "cloud"),
        openstack: { kind: "real", cloud: project, cloudsFile: lab.cloudsFile },
      },
      provider,
    );
    undo.later(() => cloud.stop());
    const options = {
      directory: join(folder, "work"),
      pulumi: pulumiExecutable(),
      source: { project: "labstead", stack: project },
      program: () => Promise.resolve(infrastructure(current.plan)),
      debugProviders: cloud.debugProviders,
    };
    return new LabEnvironment(undo, folder, await Engine.open(options), options, current);
  }

  /** The plan from now on. */
  plan(plan: EnvironmentPlan): void {
    this.current.plan = plan;
  }

  preview(): Promise<Done> {
    return watched((run) => this.engine.preview(run));
  }

  up(watch?: Watch): Promise<Done> {
    return watched((run) => this.engine.up(run), watch);
  }

  refresh(): Promise<Done> {
    return watched((run) => this.engine.refresh(run));
  }

  /**
   * A run in a process of its own, which may be killed with its engine. Takes the protection off like `destroy` with
   * data.
   */
  async apart(verb: "up" | "destroy", onStep: (step: string) => void): Promise<void> {
    if (verb === "destroy") await this.pulumi().unprotect();
    const { program: _, ...options } = this.engineOptions;
    const file = join(this.folder, "run.json");
    writeFileSync(file, JSON.stringify({ verb, options, plan: this.current.plan } satisfies ApartRun));
    const args = ["--import", "tsx", join(__dirname, "run.ts"), file];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
    createInterface(child.stdout).on("line", onStep);
    await once(child, "close");
  }

  /** With data as `labstead destroy --with-data` does it: the protection is taken off, then everything goes. */
  async destroy(how: { readonly withData?: true } = {}, watch?: Watch): Promise<Done> {
    if (how.withData) await this.pulumi().unprotect();
    return watched((run) => this.engine.destroy(run), watch);
  }

  /** Takes the protection off one resource, as a person does it. @param path types and name, as its URN ends */
  async unprotect(path: string): Promise<void> {
    const { executable, directory, environment } = this.commandLine();
    const { stack } = this.engineOptions.source;
    const args = ["state", "unprotect", `urn:pulumi:${stack}::labstead::${path}`, "-s", stack, "--yes"];
    await run(executable, args, { cwd: directory, env: environment });
  }

  /** What `labstead destroy` says instead of destroying; undefined if nothing is protected. */
  async protection(): Promise<string | undefined> {
    const { stack } = this.engineOptions.source;
    return protectionText(stack, await this.state(), `labstead destroy ${stack} --with-data`);
  }

  /** The state, secrets encrypted. */
  async state(): Promise<StackState> {
    const state = await this.pulumi().export();
    if (state === undefined) throw new Error("there is no such stack");
    return state;
  }

  /** The engine's executable on this stack. */
  commandLine(): EngineCommandLine {
    return Engine.commandLine(this.engineOptions);
  }

  /** Addresses of the servers, as the infrastructure passes them to those who build on it. */
  async addresses(): Promise<Readonly<Record<string, string>>> {
    const servers = (await this.engine.outputs())["servers"]?.value as Readonly<
      Record<string, { readonly address: string }>
    >;
    return Object.fromEntries(Object.entries(servers).map(([key, { address }]) => [key, address]));
  }

  /** Named values that the infrastructure binds, by `referenceKey`, in plain text. */
  async values(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.engine.outputs())["values"]?.value as Readonly<Record<string, unknown>>;
  }

  /** Ends the provider servers. What exists in the cloud stays. */
  close(): Promise<void> {
    return this.undo.close();
  }

  private pulumi(): Pulumi {
    return new Pulumi(this.commandLine(), this.engineOptions.source.stack);
  }
}

/**
 * The program: the layer of the infrastructure alone, since nothing boots on the servers of the lab, and what a cluster
 * has made beside it. Its gates ask the built-in cluster, where every node is Ready and empty.
 */
export function infrastructure(plan: EnvironmentPlan): Record<string, unknown> {
  const described = describeInfra(plan, { userData: userDataOf });
  const link = {
    provider: new LabsteadProvider("labstead"),
    kubeconfig: pulumi.secret(usable(kubeconfig(CLUSTER_ADDRESS))),
    cluster: `${plan.environment}/${plan.cluster.name}`,
    how: "direct",
    formedByServers: false,
  } as const;
  const { servers, values, resources } = register(plan, described, { rolling: rollingOf(plan, link) });
  const { name: cluster } = plan.cluster;
  new ClusterMade(
    `${cluster}-made`,
    { cluster },
    { provider: link.provider, dependsOn: [...resources.values()] },
  );
  return { servers: Object.fromEntries(servers), values: pulumi.secret(Object.fromEntries(values)) };
}

/** A kubeconfig whose user has a token. */
function usable(text: string): string {
  return JSON.stringify({
    ...(JSON.parse(text) as object),
    users: [{ name: "admin", user: { token: "of-the-lab" } }],
  });
}
