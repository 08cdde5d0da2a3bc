/** A small environment whose servers are replaced under the real engine, and a cluster that tells what is done to its nodes. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { describe as describeInfra } from "../../infra/describe";
import { register } from "../../infra/register";
import { labsteadPackage } from "../../provider/labstead";
import type { Nodes, NodeSeen } from "../../provider/labstead";
import { serve, type Serving } from "../../provider/rpc";
import { LabsteadProvider } from "../../provider/sdk";
import { startCloud, type Cloud, type Faults } from "../../rehearsal/cloud";
import { Engine, type RunOptions } from "../../rehearsal/engine";
import { rollingOf } from "../../stack/rolling";
import { kubeconfig } from "../rehearsal/kubernetes/harness";
import { pulumiExecutable } from "../rehearsal/engine-lab";

/** What an operation of the engine on a resource was, and whether it began or ended then. */
export interface Moment {
  readonly at: "begins" | "ends" | "fails";
  /** `delete server/workers.general/0` */
  readonly step: string;
}

/** A cluster with a node for each server of a node role, all of them Ready; it notes what is done to them. */
export class FakeNodes implements Nodes {
  readonly done: string[] = [];
  readonly tokens: string[] = [];
  /** What is found for a node; else it is Ready. */
  readonly seen = new Map<string, NodeSeen>();

  find: Nodes["find"] = ({ node, access: { credentials } }) => {
    this.tokens.push(credentials.kind === "token" ? credentials.token : "");
    return Promise.resolve(
      this.seen.get(node) ?? { kind: "present", uid: `uid-${node}`, ready: true, providerId: "" },
    );
  };
  cordon: Nodes["cordon"] = ({ node }) => this.note(`cordon ${node}`);
  pods: Nodes["pods"] = () => Promise.resolve({ kind: "pods", pods: [] });
  evict: Nodes["evict"] = () => Promise.resolve({ kind: "evicted" });
  remove: Nodes["remove"] = ({ node }, uid) => this.note(`remove ${node} ${uid}`);

  private note(text: string): Promise<{ readonly kind: "done" }> {
    this.done.push(text);
    return Promise.resolve({ kind: "done" });
  }
}

export class RollingLab {
  readonly directory = mkdtempSync(join(tmpdir(), "labstead-rolling-"));
  readonly nodes = new FakeNodes();
  token = "first";
  #plan: EnvironmentPlan | undefined;
  #cloud: Cloud | undefined;
  #plugin: Serving | undefined;
  #engine: Engine | undefined;

  /** Starts cloud and engine, or starts the cloud anew over what exists. */
  async open(faults: Faults = {}): Promise<void> {
    await this.#cloud?.stop();
    this.#plugin ??= await serve(
      labsteadPackage({
        probe: () => Promise.reject(new Error("nobody asks for the cluster")),
        namespaceProbe: () => Promise.reject(new Error("nobody asks for a namespace")),
        nodes: this.nodes,
        nodePace: { betweenLooks: 20, oneLook: 1_000, looks: 2 },
      }),
    );
    this.#cloud = await startCloud({ directory: join(this.directory, "cloud"), faults });
    const ours = `labstead:${this.#plugin.port}`;
    const debugProviders = this.#cloud.debugProviders.replace(/labstead:\d+/, ours);
    this.#engine = await Engine.open({
      directory: join(this.directory, "work"),
      pulumi: pulumiExecutable(),
      source: { project: "labstead", stack: "dev" },
      program: async () => this.program(),
      debugProviders,
    });
  }

  private program(): Promise<void> {
    const plan = this.#plan;
    if (plan === undefined) throw new Error("no plan was given");
    const provider = new LabsteadProvider("labstead");
    const access = JSON.parse(kubeconfig("https://api.lab:8888")) as object;
    const config = JSON.stringify({ ...access, users: [{ name: "admin", user: { token: this.token } }] });
    const link = { provider, kubeconfig: pulumi.secret(config), cluster: "dev/dev", how: "direct" } as const;
    register(plan, describeInfra(plan), { rolling: rollingOf(plan, link) });
    return Promise.resolve();
  }

  up(plan: EnvironmentPlan, run: RunOptions = {}): Promise<readonly Moment[]> {
    this.#plan = plan;
    return this.watched((watch) => this.engine.up({ ...run, ...watch }));
  }

  /** What was done until it failed, and what was printed. */
  async failing(
    plan: EnvironmentPlan,
    run: RunOptions = {},
  ): Promise<{ readonly moments: readonly Moment[]; readonly output: string }> {
    this.#plan = plan;
    let output = "";
    const moments = await this.watched(async (watch) => {
      const failed = this.engine.up({ ...run, ...watch, onOutput: (text) => (output += text) });
      await expect(failed).rejects.toThrow();
    });
    return { moments, output: output.replaceAll(/\n\s+/g, "\n") };
  }

  preview(plan: EnvironmentPlan): Promise<readonly Moment[]> {
    this.#plan = plan;
    return this.watched((watch) => this.engine.preview(watch));
  }

  async destroy(): Promise<readonly Moment[]> {
    await this.engine.unprotect();
    return this.watched((watch) => this.engine.destroy(watch));
  }

  private get engine(): Engine {
    if (this.#engine === undefined) throw new Error("open the lab first");
    return this.#engine;
  }

  private async watched(work: (run: RunOptions) => Promise<unknown>): Promise<readonly Moment[]> {
    const moments: Moment[] = [];
    await work({ onEvent: (event) => moments.push(...momentsOf(event)) });
    return moments;
  }

  /** Lines that the cloud wrote about keys, in order: what exists, and what came and went. */
  get journal(): readonly { readonly key: string; readonly gone: boolean; readonly urn: string }[] {
    const file = join(this.directory, "cloud/openstack.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    const urns = new Map<string, string>();
    return lines.map((line) => {
      const { key, value } = JSON.parse(line) as { key: string; value?: { urn?: string } };
      if (value?.urn !== undefined) urns.set(key, value.urn);
      return { key, gone: value === undefined, urn: urns.get(key) ?? "" };
    });
  }

  /** Resources in state: name, id, and what they are said to depend on. */
  get state(): readonly StateEntry[] {
    const file = join(this.directory, "work/state/.pulumi/stacks/labstead/dev.json");
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest?: { resources?: readonly StateEntry[] } };
    };
    return checkpoint.latest?.resources ?? [];
  }

  /** Ids by name of everything in state. */
  get ids(): ReadonlyMap<string, string> {
    return new Map(this.state.map(({ urn, id = "" }) => [nameOf(urn), id]));
  }

  async close(): Promise<void> {
    await this.#cloud?.stop();
    await this.#plugin?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export interface StateEntry {
  readonly urn: string;
  readonly id?: string;
  readonly dependencies?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The engine's words for the two halves of a replacement. */
const PLAIN: Readonly<Record<string, string>> = {
  "delete-replaced": "delete",
  "create-replacement": "create",
};

function momentsOf({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): readonly Moment[] {
  const kinds = [
    ["begins", resourcePreEvent],
    ["ends", resOutputsEvent],
    ["fails", resOpFailedEvent],
  ] as const;
  return kinds.flatMap(([at, event]) => {
    if (event === undefined || event.metadata.op === "same") return [];
    const { op, urn } = event.metadata;
    return [{ at, step: `${PLAIN[op] ?? op} ${nameOf(urn)}` }];
  });
}
