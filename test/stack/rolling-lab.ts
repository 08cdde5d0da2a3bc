/** A small environment whose servers are replaced under the real engine, and a cluster that records what is done to its nodes. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { describe as describeInfra } from "../../infra/describe";
import { register } from "../../infra/register";
import { labsteadPackage, NOTHING_MADE } from "../../provider/labstead";
import type { Nodes, NodeObservation } from "../../provider/labstead";
import { serve, type Serving } from "../../provider-protocol";
import { LabsteadProvider, type ConnectionArgs } from "../../provider/sdk";
import { startCloud, type Cloud, type Faults } from "../../cli/rehearse/cloud";
import { Engine, type RunOptions } from "../../rehearsal/engine";
import type { CloudRecord } from "../../rehearsal/openstack/local/record";
import { DeferredEtcdMembers } from "../../stack/etcd";
import { rollingOf } from "../../stack/rolling";
import { FakeEtcd } from "../provider/etcd/fake-etcd";
import { sshKeys } from "../provider/ssh-keys";
import { CLUSTER_ADDRESS, kubeconfig } from "../rehearsal/kubernetes/harness";
import { pulumiExecutable } from "../rehearsal/engine-lab";
import { momentsOf, nameOf, type Moment } from "./moments";

/** A cluster in which each server is a Ready node until that node is removed; it notes what is done to nodes. */
export class FakeNodes implements Nodes {
  readonly done: string[] = [];
  readonly tokens: string[] = [];
  /** What is found for a node, whatever there is. */
  readonly seen = new Map<string, NodeObservation>();
  readonly #removed = new Set<string>();

  /** @param serverId Nova's id of the server of a name, if it is there */
  constructor(private readonly serverId: (name: string) => string | undefined) {}

  find: Nodes["find"] = ({ node, access: { credentials } }) => {
    this.tokens.push(credentials.kind === "token" ? credentials.token : "");
    const id = this.serverId(node);
    const there: NodeObservation =
      id === undefined || this.#removed.has(id)
        ? { kind: "absent" }
        : { kind: "present", uid: id, ready: true, providerId: `openstack:///${id}` };
    return Promise.resolve(this.seen.get(node) ?? there);
  };
  cordon: Nodes["cordon"] = ({ node }) => this.note(`cordon ${node}`);
  pods: Nodes["pods"] = () => Promise.resolve({ kind: "pods", pods: [] });
  evict: Nodes["evict"] = () => Promise.resolve({ kind: "evicted" });
  remove: Nodes["remove"] = ({ node }, uid) => {
    this.#removed.add(uid);
    return this.note(`remove ${node}`);
  };

  private note(text: string): Promise<{ readonly kind: "done" }> {
    this.done.push(text);
    return Promise.resolve({ kind: "done" });
  }
}

const KEYS = sshKeys();

export class RollingLab {
  readonly directory = mkdtempSync(join(tmpdir(), "labstead-rolling-"));
  readonly nodes = new FakeNodes((name) => this.serverId(name));
  /** Of the control planes: a server that came joins, and one that went does not answer. */
  readonly etcd = new FakeEtcd([]);
  /** As a release before there was EtcdMembers. */
  withoutMembers = false;
  /** Nodes whose etcd does not answer, although their servers run. */
  readonly silent = new Set<string>();
  readonly #joined = new Set<string>();
  token = "first";
  /** Whether servers make themselves nodes, and are waited for. */
  formedByServers = false;
  /** Name that the kubeconfig gives its user; any other one than `admin` makes it unusable. */
  user = "admin";
  #plan: EnvironmentPlan | undefined;
  #cloud: Cloud | undefined;
  #plugin: Serving | undefined;
  #engine: Engine | undefined;

  /** Starts cloud and engine, or restarts the cloud over what exists. */
  async open(faults: Faults = {}): Promise<void> {
    await this.#cloud?.stop();
    this.#plugin ??= await serve(
      labsteadPackage({
        cloud: NOTHING_MADE,
        probe: () => Promise.reject(new Error("nobody asks for the cluster")),
        namespaceProbe: () => Promise.reject(new Error("nobody asks for a namespace")),
        nodes: this.nodes,
        etcd: { kind: "asked", etcd: this.etcd, pace: { betweenLooks: 20, oneLook: 1_000, patience: 400 } },
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
      checkpoints: false,
    });
  }

  private program(): Promise<void> {
    const plan = this.#plan;
    if (plan === undefined) throw new Error("no plan was given");
    const provider = new LabsteadProvider("labstead");
    const access = JSON.parse(kubeconfig(CLUSTER_ADDRESS)) as object;
    const config = JSON.stringify({ ...access, users: [{ name: this.user, user: { token: this.token } }] });
    const link = {
      provider,
      kubeconfig: pulumi.secret(config),
      cluster: "dev/dev",
      how: "direct",
      formedByServers: this.formedByServers,
      readySeconds: 0.2,
    } as const;
    const etcdMembers = new DeferredEtcdMembers();
    this.etcd.meanwhile = () => this.#join(plan);
    const members = this.withoutMembers ? {} : { etcdMembers };
    register(plan, describeInfra(plan), { rolling: rollingOf(plan, { ...link, ...members }) });
    if (!this.withoutMembers)
      etcdMembers.register(plan, { ...link, connection: (key) => connection(plan, key) });
    return Promise.resolve();
  }

  /** Each control plane once for each of its servers, as a member with the address of its server. */
  #join(plan: EnvironmentPlan): void {
    for (const { address, name } of plan.servers.filter(({ role }) => role === "controlPlane")) {
      const id = this.serverId(name);
      if (id === undefined || this.#joined.has(id) || address.kind !== "planned") continue;
      this.#joined.add(id);
      if (!this.etcd.members.has(name)) this.etcd.add(name, Number(address.ip.split(".").at(-1)), address.ip);
    }
    for (const member of this.etcd.members.values())
      member.alive = this.serverId(member.name) !== undefined && !this.silent.has(member.name);
  }

  async up(plan: EnvironmentPlan, run: RunOptions = {}): Promise<readonly Moment[]> {
    this.#plan = plan;
    const moments = await this.watched((watch) => this.engine.up({ ...run, ...watch }));
    this.#join(plan);
    return moments;
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

  /** Lines that the cloud wrote, in order: what exists, and what came and went. */
  get journal(): readonly JournalEntry[] {
    const file = join(this.directory, "cloud/openstack.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    const records = new Map<string, CloudRecord>();
    return lines.flatMap((line) => {
      const { key, value } = JSON.parse(line) as { key: string; value?: CloudRecord };
      const record = value ?? records.get(key);
      if (record === undefined) return [];
      records.set(key, record);
      return [{ gone: value === undefined, record }];
    });
  }

  serverId(name: string): string | undefined {
    const last = this.journal
      .filter(({ record }) => record.type.endsWith(":Instance") && record.inputs["name"] === name)
      .at(-1);
    return last === undefined || last.gone ? undefined : last.record.id;
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

function connection(plan: EnvironmentPlan, key: string): ConnectionArgs {
  const address = plan.servers.find((each) => each.key === key)?.address;
  const host = address?.kind === "planned" ? address.ip : "";
  return {
    host,
    user: "labstead",
    privateKey: KEYS.private,
    hostKey: KEYS.public,
    via: { kind: "direct" },
  };
}

export interface JournalEntry {
  readonly gone: boolean;
  readonly record: CloudRecord;
}

export interface StateEntry {
  readonly urn: string;
  readonly id?: string;
  readonly dependencies?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}
