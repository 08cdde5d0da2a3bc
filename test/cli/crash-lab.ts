/** A small lab on the built-in cloud whose runs are killed, and full listings of what exists then. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { startCloud } from "../../rehearsal/cloud";
import { readJournal } from "../../rehearsal/journal";
import type { CloudRecord } from "../../rehearsal/openstack/local/record";
import type { StoredObject } from "../../rehearsal/kubernetes/local-cluster";
import { ROOT } from "./command";

/** Bastion, one control plane that runs pods, one worker with a volume; no apps. */
export const SMALL_LAB = `config:
  pulumi:disable-default-providers: [kubernetes, labstead, openstack]
  labstead:environment:
    domain: lab.example.org
    image: ubuntu-24.04
    network: { kind: managed, cidr: 10.0.0.0/24 }
    keyPair:
      kind: managed
      publicKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4 operator@example.org
    access:
      kind: bastion
      operator: { kind: tunnel }
      ssh: { from: [198.51.100.0/24] }
    servers:
      bastion: { flavor: tiny, floatingIp: true }
      controlPlane: { flavor: medium, min: 1, schedulable: true }
      workers:
        general:
          flavor: large
          min: 1
          volumes: { data: { size: 100Gi, use: { kind: filesystem, mountPoint: /data } } }
    cluster: { kind: own, cni: { kind: calico }, api: { kind: direct } }
    edge: { kind: none }
`;

const COMMAND = join(ROOT, "bin/labstead.js");

/** Milliseconds of each operation on a resource: so long, that a moment lies within one. */
const LATENCY = 120;

/** Whose ends may be sudden. */
export interface Victims {
  /** Else the cloud ends what it has begun, as a real one does. */
  readonly cloud: boolean;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export class CrashLab {
  readonly folder = mkdtempSync(join(tmpdir(), "labstead-crash-"));

  constructor() {
    writeFileSync(join(this.folder, "Pulumi.lab.yaml"), SMALL_LAB);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs `labstead rehearse lab …` to its end. */
  async rehearse(...args: readonly string[]): Promise<Ended> {
    const { ended } = this.begin(args);
    return ended;
  }

  /** As {@link rehearse}; anything but success belongs to the failure. */
  async succeed(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.rehearse(...args);
    if (code !== 0) throw new Error(`rehearse lab ${args.join(" ")} ended with ${String(code)}\n${output}`);
    return output;
  }

  /** Runs it until the moment comes, then kills the command and the engine. True if they were alive then. */
  async killed(args: readonly string[], moment: () => Promise<void>, victims: Victims): Promise<boolean> {
    const { child, ended } = this.begin(args);
    const end = ended.then(() => "over" as const);
    const first = await Promise.race([moment(), end]);
    const alive = first !== "over" && child.pid !== undefined;
    const pids = alive ? [child.pid, ...childrenOf(child.pid, victims)] : [];
    for (const pid of pids) kill(pid);
    await end;
    return pids.length > 1;
  }

  /** Runs `labstead …` as on a real cloud, in the project of the built-in one and against its plugins. */
  async official(...args: readonly string[]): Promise<Ended> {
    const cloud = await startCloud({ directory: join(this.folder, ".labstead/cloud") });
    const engine = join(this.folder, ".labstead/engine");
    const env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(engine, "state")}`,
      PULUMI_HOME: join(engine, "home"),
      PULUMI_CONFIG_PASSPHRASE: readFileSync(join(engine, "passphrase"), "utf8"),
      PULUMI_DEBUG_PROVIDERS: cloud.debugProviders,
    };
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: join(engine, "project"),
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      return await endOf(child);
    } finally {
      await cloud.stop();
    }
  }

  private begin(args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const command = [COMMAND, "rehearse", "lab", "--latency", String(LATENCY), ...args];
    const child = spawn(process.execPath, command, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    const ended = endOf(child);
    return { child, ended };
  }

  /** Resolves when the number of things in the cloud fulfils a condition, a little later. */
  async reached(condition: (count: number) => boolean, milliseconds: number): Promise<void> {
    while (!condition(this.count)) await sleep(15);
    await sleep(milliseconds);
  }

  /** How many things exist in the cloud. */
  get count(): number {
    return this.records.size + this.objects.size;
  }

  get records(): ReadonlyMap<string, CloudRecord> {
    return readJournal<CloudRecord>(join(this.folder, ".labstead/cloud/openstack.jsonl"));
  }

  get objects(): ReadonlyMap<string, StoredObject> {
    return readJournal<StoredObject>(join(this.folder, ".labstead/cloud/kubernetes.jsonl"));
  }

  /** The state as it lies in its file. */
  get state(): State {
    const file = join(this.folder, ".labstead/engine/state/.pulumi/stacks/labstead/lab.json");
    if (!existsSync(file)) return { resources: [] };
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: State } };
    return { ...checkpoint.latest, resources: checkpoint.latest?.resources ?? [] };
  }

  /** All that exists, and all that the state says, with each id replaced by what it is the id of. */
  get listing(): Listing {
    const names = this.idNames();
    const masked = (value: unknown): string =>
      JSON.stringify(inOrder(JSON.parse(mask(JSON.stringify(value), names))));
    return {
      cloud: [...this.records.values()]
        .map(({ type, urn, inputs, owner }) => masked({ type, urn, owner, inputs }))
        .sort(),
      cluster: [...this.objects.keys()].map((key) => key.split("\0")[1] ?? key).sort(),
      state: this.state.resources.map((each) => masked(comparable(each))).sort(),
    };
  }

  private idNames(): ReadonlyMap<string, string> {
    const ofRecords = [...this.records.values()].map(({ id, type, urn, owner }) => {
      return [id, `<${type} ${urn} ${owner.split(" ")[0] ?? ""}>`] as const;
    });
    return new Map(ofRecords.filter(([id]) => /^[0-9a-f-]{36}$/.test(id)));
  }
}

function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => {
    child.on("exit", (code) => resolve({ code, output }));
  });
}

export interface State {
  readonly resources: readonly StateResource[];
  readonly pending_operations?: readonly unknown[];
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly [property: string]: unknown;
}

export interface Listing {
  readonly cloud: readonly string[];
  readonly cluster: readonly string[];
  readonly state: readonly string[];
}

/** What a run leaves the same each time: not times, and not what is random by its nature. */
function comparable(each: StateResource): unknown {
  const { urn, type, parent, protect, dependencies, propertyDependencies, initErrors } = each;
  const common = { urn, type, parent, protect, dependencies, propertyDependencies, initErrors };
  const outputs = { ...each.outputs, created: undefined, updated: undefined };
  return type.startsWith("openstack:") ? { ...common, inputs: each.inputs, outputs } : common;
}

/** Texts of a list in their order by name: what depends on chance is no difference. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value.map(inOrder);
    return items.every((item) => typeof item === "string") ? [...items].sort() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const told = Object.entries(value).filter(([, item]) => !isSecret(item));
  return Object.fromEntries(told.map(([key, item]) => [key, inOrder(item)]));
}

/** Encrypted anew each time; and what a service tells only once (the private key that Nova would make) is lost with the run. */
function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "ciphertext" in value;
}

/** What one listing has and the other has not. */
export function differences(is: Listing, should: Listing): readonly string[] {
  return (["cloud", "cluster", "state"] as const).flatMap((part) => [
    ...without(is[part], should[part]).map((text) => `${part}, too much: ${text}`),
    ...without(should[part], is[part]).map((text) => `${part}, missing: ${text}`),
  ]);
}

/** Each text as often as it stands in the one list and not in the other. */
function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...others];
  return texts.filter((text) => {
    const at = rest.indexOf(text);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** Ids by what they belong to; addresses and MACs that the cloud chooses. */
function mask(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => names.get(id) ?? id)
    .replace(/fa(:[0-9a-f]{2}){5}/g, "<mac>")
    .replace(/203\.0\.113\.\d+/g, "<floating>");
}

function childrenOf(pid: number, { cloud }: Victims): readonly number[] {
  return pidsIn(`/proc/${pid}/task/${pid}/children`).filter((child) => {
    const line = contents(`/proc/${child}/cmdline`);
    return line.includes("pulumi") && (cloud || !line.includes("rehearsal/main.ts"));
  });
}

function pidsIn(file: string): readonly number[] {
  return contents(file).trim().split(/\s+/).filter(Boolean).map(Number);
}

function contents(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
