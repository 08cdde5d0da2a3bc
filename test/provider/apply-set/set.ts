/** A set on the built-in cluster, handled as the engine does. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { storeObjects } from "../../../cli/rehearse/store-objects";
import { applySetHandler } from "../../../provider/apply-set/handler";
import type { ClusterObjects } from "../../../provider/apply-set/objects";
import { entryKey, refOf } from "../../../provider/apply-set/entries";
import { PartialFailure } from "../../../provider-protocol";
import type { CheckFailure, PlainMap, PropertyMap, ResourceHandler } from "../../../provider-protocol";
import { Clusters } from "../../../rehearsal/kubernetes/clusters";
import { CLUSTER_ADDRESS, kubeconfig } from "../../rehearsal/kubernetes/harness";

/** With a token: the built-in cluster gives it all rights. */
export const KUBECONFIG = JSON.stringify({
  ...(JSON.parse(kubeconfig(CLUSTER_ADDRESS)) as object),
  users: [{ name: "admin", user: { token: "token" } }],
});

export const SETTINGS: PropertyMap = {
  kubeconfig: KUBECONFIG,
  name: "users",
  namespace: "default",
  salt: "a salt of the stack",
};

/** What every built-in cluster has. */
const INITIAL = /^\/(default|kube-[a-z-]+)\/Namespace$|^default\/kubernetes\//;

const URN = "urn:pulumi:prod::lab::labstead:index:ApplySet::users";

/** What the engine has in state. */
export interface State {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

export class SetLab {
  readonly folder = mkdtempSync(join(tmpdir(), "labstead-set-"));
  /** Why the cluster does not answer. */
  problem: string | undefined;
  /** What is done before each request that changes an object, by its name. */
  before: (what: "apply" | "delete", name: string) => void = () => undefined;
  /** How often a deleted object of a name is still listed: its pods take long to end. */
  readonly lingering = new Map<string, number>();
  readonly logged: string[] = [];
  readonly clusters = new Clusters(join(this.folder, "cloud"), { unreachable: () => this.problem });
  #handler = this.started();
  #abort = new AbortController();
  /** Deletions that are not complete, by the objects' names. */
  readonly #ending = new Map<string, () => Promise<unknown>>();

  /** A new process of the plugin, as each phase has one. */
  restart(deletesData = false): void {
    this.#handler = this.started(deletesData);
    this.#abort = new AbortController();
  }

  /** The engine wants to stop. */
  cancel(): void {
    this.#abort.abort(new Error("cancelled"));
  }

  private started(deletesData = false): ResourceHandler {
    return applySetHandler({
      open: (access) => this.watched(storeObjects(this.clusters)(access)),
      deletesData,
    });
  }

  private watched(objects: ClusterObjects): ClusterObjects {
    return {
      apply: (manifest, options) => {
        this.before("apply", refOf(manifest)?.name ?? "");
        return objects.apply(manifest, options);
      },
      delete: (ref, uid, signal) => {
        this.before("delete", ref.name);
        if (!this.lingering.has(ref.name)) return objects.delete(ref, uid, signal);
        this.#ending.set(ref.name, () => objects.delete(ref, uid, signal));
        return Promise.resolve("deleted" as const);
      },
      dryRun: (manifest, options) => objects.dryRun(manifest, options),
      get: (ref, signal) => objects.get(ref, signal),
      find: (ref, signal) => objects.find(ref, signal),
      list: async (kind, label, namespaces, signal) => {
        await this.endLingering();
        return objects.list(kind, label, namespaces, signal);
      },
      read: (kind, where, signal) => objects.read(kind, where, signal),
    };
  }

  private async endLingering(): Promise<void> {
    for (const [name, end] of this.#ending) {
      const looks = this.lingering.get(name) ?? 0;
      this.lingering.set(name, looks - 1);
      if (looks > 0) continue;
      this.#ending.delete(name);
      await end();
    }
  }

  async check(manifests: readonly PlainMap[], settings: PropertyMap = {}, oldInputs: PropertyMap = {}) {
    const given = Object.fromEntries(manifests.map((each) => [keyOf(each), each]));
    return this.checkInputs({ ...SETTINGS, manifests: JSON.stringify(given), ...settings }, oldInputs);
  }

  async checkInputs(newInputs: PropertyMap, oldInputs: PropertyMap = {}) {
    const asked = { ...this.common, newInputs, oldInputs, randomSeed: new Uint8Array() };
    const { inputs, failures = [] } = await this.#handler.check(asked);
    return { inputs, failures: failures.map(textOf) };
  }

  /** As `up` does: check, diff, then create or update; a failure leaves what the plugin reported. */
  async up(
    manifests: readonly PlainMap[],
    state?: State,
    settings: PropertyMap = {},
  ): Promise<{
    readonly state: State;
    readonly changes: readonly string[];
    readonly problems: readonly string[];
  }> {
    const { inputs } = await this.check(manifests, settings, state?.inputs);
    const changes = state === undefined ? [] : await this.diff(state, inputs);
    if (state !== undefined && changes.length === 0)
      return { state: { ...state, inputs }, changes, problems: [] };
    try {
      if (state === undefined) {
        const made = await this.#handler.create({ ...this.long, inputs, preview: false });
        return { state: { id: made.id, inputs, outputs: made.outputs }, changes, problems: [] };
      }
      const outputs = await this.#handler.update(this.updating(state, inputs, false));
      return { state: { ...state, inputs, outputs }, changes, problems: [] };
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      return { state: { id: error.id, inputs, outputs: error.outputs }, changes, problems: error.reasons };
    }
  }

  async preview(
    manifests: readonly PlainMap[],
    state: State,
    settings: PropertyMap = {},
  ): Promise<readonly string[]> {
    const { inputs } = await this.check(manifests, settings, state.inputs);
    const changes = await this.diff(state, inputs);
    if (changes.length > 0) await this.#handler.update(this.updating(state, inputs, true));
    return changes;
  }

  async refresh(state: State): Promise<State> {
    const found = await this.#handler.read({
      ...this.long,
      id: state.id,
      inputs: state.inputs,
      state: state.outputs,
    });
    return found ?? state;
  }

  destroy(state: State): Promise<void> {
    return this.#handler.delete({ ...this.long, id: state.id, inputs: state.inputs, state: state.outputs });
  }

  /** Entry keys of everything in the cluster that is not its own. */
  get objects(): readonly string[] {
    return this.live
      .map(keyOf)
      .filter((key) => !INITIAL.test(key))
      .sort();
  }

  get live(): readonly PlainMap[] {
    return [...this.clusters.cluster(CLUSTER_ADDRESS).objects()];
  }

  remove(): void {
    this.clusters.close();
    rmSync(this.folder, { recursive: true });
  }

  private async diff(state: State, newInputs: PropertyMap): Promise<readonly string[]> {
    const { changes } = await this.#handler.diff({
      ...this.common,
      id: state.id,
      oldInputs: state.inputs,
      oldState: state.outputs,
      newInputs,
      ignoreChanges: [],
    });
    return Object.entries(changes).map(
      ([path, { change }]) => `${change} ${/"(.*)"/.exec(path)?.[1] ?? path}`,
    );
  }

  private updating(
    { id, inputs: oldInputs, outputs: oldState }: State,
    newInputs: PropertyMap,
    preview: boolean,
  ) {
    return { ...this.long, id, oldInputs, oldState, newInputs, preview, ignoreChanges: [] };
  }

  private get common() {
    return {
      urn: URN,
      type: "labstead:index:ApplySet",
      name: "users",
      log: (severity: string, message: string) => void this.logged.push(`${severity}: ${message}`),
    };
  }

  private get long() {
    return { ...this.common, timeoutSeconds: undefined, signal: this.#abort.signal };
  }
}

function keyOf(manifest: PlainMap): string {
  const ref = refOf(manifest);
  if (ref === undefined) throw new Error("no manifest");
  return entryKey(ref);
}

function textOf({ property, reason }: CheckFailure): string {
  return property === "" ? reason : `${property}: ${reason}`;
}

export function configMap(name: string, value = "1"): PlainMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "lab" }, data: { value } };
}

export function home(name: string): PlainMap {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "lab" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
}

export const LAB: PlainMap = { apiVersion: "v1", kind: "Namespace", metadata: { name: "lab" } };
