/** A Kubernetes provider of the built-in cloud without an engine around it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type {
  ConfiguredPackage,
  CreateResult,
  DiffResult,
  LogSeverity,
  PropertyMap,
  ReadResult,
  ResourceHandler,
} from "../../../provider-protocol";
import { Clusters } from "../../../rehearsal/kubernetes/clusters";
import type { ClusterSurroundings } from "../../../rehearsal/kubernetes/clusters";
import { kubernetesPackage } from "../../../rehearsal/kubernetes/package";

/** API server of the built-in cluster of tests; without an authority, also its identity. */
export const CLUSTER_ADDRESS = "https://api.lab:8888";

/** @param authority of the cluster, in place of its certificate. @default none */
export function kubeconfig(server: string, authority?: string): string {
  const trusted =
    authority === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(authority).toString("base64") };
  return JSON.stringify({
    "current-context": "admin",
    contexts: [{ name: "admin", context: { cluster: "lab", user: "admin" } }],
    clusters: [{ name: "lab", cluster: { server, ...trusted } }],
  });
}

export const OPTIONS: PropertyMap = {
  kubeconfig: kubeconfig(CLUSTER_ADDRESS),
  clusterIdentifier: "lab",
  enableConfigMapMutable: true,
  enableSecretMutable: true,
};

/** A folder with clusters in it; `reopened` is what another process would find there. */
export class Folder {
  readonly directory = mkdtempSync(join(tmpdir(), "labstead-kubernetes-"));
  clusters: Clusters;

  constructor(private readonly surroundings: ClusterSurroundings = {}) {
    this.clusters = new Clusters(this.directory, surroundings);
  }

  async provider(
    inputs: PropertyMap = OPTIONS,
    urn = "urn:pulumi:prod::lab::pulumi:providers:kubernetes::k",
  ) {
    const handler = kubernetesPackage(this.clusters, { retryMilliseconds: 1 });
    const configured = await handler.configure({ urn, inputs });
    return new Provider(configured);
  }

  reopened(): Clusters {
    this.clusters.close();
    this.clusters = new Clusters(this.directory, this.surroundings);
    return this.clusters;
  }

  remove(): void {
    this.clusters.close();
    rmSync(this.directory, { recursive: true });
  }
}

/** What is in a stack's state of one resource. */
export interface State {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

/** Does with a resource what the engine does. */
export class Provider {
  readonly logged: string[] = [];

  constructor(readonly configured: ConfiguredPackage) {}

  handler(token: string): ResourceHandler {
    const found = this.configured.resource(token);
    if (found === undefined) throw new Error(`no type ${token}`);
    return found;
  }

  async check(token: string, name: string, newInputs: PropertyMap, oldInputs: PropertyMap = {}) {
    const asked = {
      ...this.common(token, name),
      newInputs,
      oldInputs,
      randomSeed: new Uint8Array([1, 2, 3]),
    };
    const { inputs, failures = [] } = await this.handler(token).check(asked);
    return { inputs, failures };
  }

  async create(manifest: PropertyMap, name = "object", token = tokenOf(manifest)): Promise<State> {
    const { inputs, failures } = await this.check(token, name, manifest);
    if (failures.length > 0)
      throw new Error(failures.map((each) => `${each.property}: ${each.reason}`).join());
    const made = await this.made(token, name, inputs, false);
    return { id: made.id, inputs, outputs: made.outputs };
  }

  async preview(manifest: PropertyMap, name = "object"): Promise<PropertyMap> {
    const { inputs } = await this.check(tokenOf(manifest), name, manifest);
    return (await this.made(tokenOf(manifest), name, inputs, true)).outputs;
  }

  private made(token: string, name: string, inputs: PropertyMap, preview: boolean): Promise<CreateResult> {
    return this.handler(token).create({ ...this.long(token, name), inputs, preview });
  }

  async diff(state: State, manifest: PropertyMap, ignoreChanges: string[] = []): Promise<DiffResult> {
    const token = tokenOf(manifest);
    const { inputs } = await this.check(token, "object", manifest, state.inputs);
    return this.handler(token).diff({
      ...this.common(token, "object"),
      id: state.id,
      oldInputs: state.inputs,
      oldState: state.outputs,
      newInputs: inputs,
      ignoreChanges,
    });
  }

  async update(state: State, manifest: PropertyMap, preview = false): Promise<State> {
    const token = tokenOf(manifest);
    const { inputs } = await this.check(token, "object", manifest, state.inputs);
    const outputs = await this.handler(token).update({
      ...this.long(token, "object"),
      id: state.id,
      oldInputs: state.inputs,
      oldState: state.outputs,
      newInputs: inputs,
      ignoreChanges: [],
      preview,
    });
    return { id: state.id, inputs, outputs };
  }

  read(token: string, id: string, inputs: PropertyMap = {}, state: PropertyMap = {}) {
    return this.handler(token).read({ ...this.long(token, "object"), id, inputs, state });
  }

  async refreshed(state: State): Promise<ReadResult> {
    const found = await this.read(tokenOf(state.inputs), state.id, state.inputs, state.outputs);
    if (found === undefined) throw new Error(`${state.id} is gone`);
    return found;
  }

  delete(state: State): Promise<void> {
    const token = tokenOf(state.inputs);
    return this.handler(token).delete({
      ...this.long(token, "object"),
      id: state.id,
      inputs: state.inputs,
      state: state.outputs,
    });
  }

  private common(type: string, name: string) {
    const log = (severity: LogSeverity, message: string): void => {
      this.logged.push(`${severity}: ${message}`);
    };
    return { urn: `urn:pulumi:prod::lab::${type}::${name}`, type, name, log };
  }

  private long(type: string, name: string) {
    return { ...this.common(type, name), timeoutSeconds: undefined, signal: new AbortController().signal };
  }
}

export function tokenOf({ apiVersion, kind }: PropertyMap): string {
  const version = typeof apiVersion === "string" ? apiVersion : "";
  return `kubernetes:${version.includes("/") ? version : `core/${version}`}:${typeof kind === "string" ? kind : ""}`;
}

export function deployment(name: string, spec: PropertyMap = {}): PropertyMap {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "main", image: "nginx:1" }] } },
      ...spec,
    },
  };
}

export function service(name: string, ports: readonly PropertyMap[], spec: PropertyMap = {}): PropertyMap {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: name }, ports, ...spec },
  };
}

export function configMap(name: string, data: PropertyMap, namespace?: string): PropertyMap {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}

export function namespace(name: string): PropertyMap {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}
