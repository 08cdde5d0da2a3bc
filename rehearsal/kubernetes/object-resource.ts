/** One type of Kubernetes object, as the official provider handles it for the engine. */
import { setTimeout as sleep } from "node:timers/promises";

import { containsUnknown, isMap, PartialFailure, reveal, Unknown } from "../../provider-protocol";
import type {
  CheckFailure,
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  LongRequest,
  PlainMap,
  PropertyMap,
  PropertyValue,
  ReadRequest,
  ReadResult,
  ResourceHandler,
  UpdateRequest,
} from "../../provider-protocol";
import type { ClusterApi } from "./api";
import { ApiError, noMatch } from "./api-error";
import type { ProviderSettings } from "./config";
import { changesBetween, pruned } from "./diff";
import { valueAt } from "./fields";
import { builtInKind, isBuiltInVersion } from "./kinds";
import type { Kind, TokenKind } from "./kinds";
import { creationFailure, DELETE_UNREACHABLE, READ_UNREACHABLE, UNREACHABLE, waitsForEver } from "./messages";
import { idOf, mapOf, named, nameOf } from "./naming";
import { isAutoNamed } from "./replacement";
import { CONCEALED, normalized, restored, withSecrets } from "./secrets";

/** The cluster behind a provider. */
export interface Connection {
  readonly api: ClusterApi;
  readonly settings: ProviderSettings;
  /** Why the cluster does not answer; undefined if it does. */
  unreachable(): string | undefined;
  /** Milliseconds before the first of the repetitions that bridge a Namespace or definition still being made. */
  readonly retryMilliseconds: number;
}

/** How often a creation is repeated. Source: the official provider. */
const RETRIES = 5;

export class ObjectResource implements ResourceHandler {
  constructor(
    private readonly token: TokenKind,
    private readonly cluster: Connection,
  ) {}

  check(request: CheckRequest): Promise<CheckResult> {
    const { settings } = this.cluster;
    if (this.cluster.unreachable() !== undefined && settings.skipUpdateUnreachable) {
      request.log(
        "warning",
        "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...",
      );
      return Promise.resolve({ inputs: request.oldInputs });
    }
    const inputs = this.placed(named(normalized(request.newInputs), request));
    return Promise.resolve({
      inputs: withSecrets(inputs, request.newInputs),
      failures: this.failures(inputs),
    });
  }

  diff({ oldInputs, oldState, newInputs, ignoreChanges }: DiffRequest): Promise<DiffResult> {
    const before = pruned(oldState, normalized(oldInputs));
    const after = normalized(newInputs);
    const all = changesBetween(this.located(before), this.located(after), this.cluster.settings.mutability);
    const changes = Object.fromEntries(
      Object.entries(all).filter(([path]) => !ignoreChanges.some((ignored) => contains(ignored, path))),
    );
    const replaced = Object.values(changes).some((change) => change.replace);
    const same = sameIdentity(this.located(oldState), this.located(after));
    return Promise.resolve({ changes, deleteBeforeReplace: replaced && same && !isAutoNamed(after) });
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    const { inputs, preview, urn } = request;
    if (preview && this.cannotPreview(inputs)) return { id: "", outputs: inputs };
    this.mustReach();
    try {
      const live = await this.retried(request, () => this.make(inputs, preview));
      this.warn(request, live);
      return { id: preview ? "" : idOf(live), outputs: this.outputs(live, inputs) };
    } catch (error) {
      if (preview && isPassing(error)) return { id: "", outputs: inputs };
      throw creationFailure(error, urn, `${this.token.apiVersion}/${this.token.kind}`);
    }
  }

  async read(request: ReadRequest): Promise<ReadResult | undefined> {
    const { id, inputs, state } = request;
    const problem = this.cluster.unreachable();
    if (problem !== undefined) return this.readUnreachable(request, problem);
    const kind = this.cluster.api.kind(this.token.apiVersion, this.token.kind);
    const live = kind === undefined ? undefined : await this.cluster.api.get(kind, nameOf(id));
    if (live === undefined) return undefined;
    const outputs = this.outputs(live, state, inputs);
    const known = Object.keys(inputs).length > 0;
    const shape = known ? pruned(outputs, normalized(inputs)) : importable(outputs);
    return { id, inputs: withSecrets(shape, inputs), outputs };
  }

  async update(request: UpdateRequest): Promise<PropertyMap> {
    const { id, newInputs, preview, urn, oldState } = request;
    if (preview && this.cannotPreview(newInputs)) return newInputs;
    this.mustReach();
    const wanted = this.located(normalized(newInputs));
    try {
      const live = await this.cluster.api.apply(this.kind(), wanted, { dryRun: preview });
      return this.outputs(live, wanted);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const live = await this.cluster.api.get(this.kind(), nameOf(id));
      if (preview || live === undefined)
        throw new Error(`update of resource "${urn}" failed: ${error.message}`, { cause: error });
      throw new PartialFailure(id, this.outputs(live, oldState), [
        `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ${error.message}`,
      ]);
    }
  }

  async delete(request: DeleteRequest): Promise<void> {
    const problem = this.cluster.unreachable();
    if (problem !== undefined) {
      request.log("warning", `${UNREACHABLE}: ${problem}`);
      if (this.cluster.settings.deleteUnreachable) return;
      throw new Error(DELETE_UNREACHABLE);
    }
    const kind = this.cluster.api.kind(this.token.apiVersion, this.token.kind);
    if (kind === undefined) return;
    await this.cluster.api.delete(kind, nameOf(request.id));
    try {
      await this.cluster.api.gone(kind, nameOf(request.id));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new Error(waitsForEver(request.id, error.message), { cause: error });
    }
  }

  private failures(inputs: PropertyMap): readonly CheckFailure[] {
    const { apiVersion, kind } = this.token;
    const mismatches = Object.entries({ apiVersion, kind }).flatMap(([property, wanted]) => {
      const given = inputs[property];
      return given === wanted || given instanceof Unknown
        ? []
        : [{ property, reason: `must be "${wanted}" for this type, not ${JSON.stringify(given ?? null)}` }];
    });
    const fields = builtInKind(apiVersion, kind)?.fields;
    const unknown = Object.keys(inputs)
      .filter((name) => !["apiVersion", "kind", "metadata"].includes(name) && !name.startsWith("__"))
      .filter((name) => fields !== undefined && !fields.includes(name))
      .map((name) => ({ property: name, reason: `field not declared in schema of ${apiVersion} ${kind}` }));
    return [...mismatches, ...unknown];
  }

  /** With the provider's namespace, if the object names none. */
  private placed(inputs: PropertyMap): PropertyMap {
    const { namespace } = this.cluster.settings;
    const metadata = mapOf(inputs["metadata"]);
    const wanted = namespace !== undefined && this.namespaced() && (metadata["namespace"] ?? "") === "";
    return wanted ? { ...inputs, metadata: { ...metadata, namespace } } : inputs;
  }

  /** With the namespace that the server takes it to be in. */
  private located(object: PropertyMap): PropertyMap {
    const { namespace, ...metadata } = mapOf(object["metadata"]);
    if (!this.namespaced()) return { ...object, metadata };
    const given = namespace === undefined || namespace === "" ? "default" : namespace;
    return { ...object, metadata: { ...metadata, namespace: given } };
  }

  private namespaced(): boolean {
    return this.cluster.api.kind(this.token.apiVersion, this.token.kind)?.namespaced ?? true;
  }

  /** @throws ApiError if the cluster does not serve this kind */
  private kind(): Kind {
    const { apiVersion, kind } = this.token;
    const found = this.cluster.api.kind(apiVersion, kind);
    if (found === undefined) throw noMatch(apiVersion, kind);
    return found;
  }

  private make(inputs: PropertyMap, dryRun: boolean): Promise<PlainMap> {
    const { api, settings } = this.cluster;
    const kind = this.kind();
    const object = this.located(inputs);
    return settings.upsert && settings.serverSideApply
      ? api.apply(kind, object, { dryRun })
      : api.create(kind, object, { dryRun });
  }

  /** Misordering is bridged by repeating, unless nothing can come any more: built-in kinds do not appear. */
  private async retried(request: LongRequest & { preview: boolean }, work: () => Promise<PlainMap>) {
    const { retryMilliseconds } = this.cluster;
    for (let tried = 0; ; tried++) {
      try {
        return await work();
      } catch (error) {
        if (tried >= RETRIES || request.preview || !this.mayCome(error)) throw error;
        request.log("info", `Retry #${tried}; creation failed: ${message(error)}`, { status: true });
        await sleep(retryMilliseconds * 2 ** tried, undefined, { signal: request.signal });
      }
    }
  }

  private mayCome(error: unknown): boolean {
    if (!(error instanceof ApiError)) return false;
    return (
      error.reason === "NotFound" || (error.reason === "NoMatch" && !isBuiltInVersion(this.token.apiVersion))
    );
  }

  private cannotPreview(inputs: PropertyMap): boolean {
    const served = this.cluster.api.kind(this.token.apiVersion, this.token.kind) !== undefined;
    const { serverSideApply } = this.cluster.settings;
    return containsUnknown(inputs) || !served || !serverSideApply || this.cluster.unreachable() !== undefined;
  }

  private mustReach(): void {
    const problem = this.cluster.unreachable();
    if (problem !== undefined) throw new Error(`${UNREACHABLE}: ${problem}`);
  }

  private readUnreachable(request: ReadRequest, problem: string): ReadResult | undefined {
    const { deleteUnreachable, skipUpdateUnreachable } = this.cluster.settings;
    const { id, inputs, state } = request;
    request.log("warning", `${UNREACHABLE}: ${problem}`);
    if (deleteUnreachable) return undefined;
    if (skipUpdateUnreachable) return { id, inputs, outputs: state };
    throw new Error(READ_UNREACHABLE);
  }

  private outputs(live: PlainMap, ...knowing: readonly PropertyMap[]): PropertyMap {
    const whole = restored(live, ...knowing);
    return knowing.reduce((object, inputs) => withSecrets(object, inputs), whole);
  }

  /** What leaves an object waiting for ever, and what the official provider would wait ten minutes for. */
  private warn(request: CreateRequest, live: PlainMap): void {
    if (request.preview || this.token.kind !== "PersistentVolumeClaim") return;
    const storageClass = valueAt(live, "spec", "storageClassName");
    const served = this.cluster.api.kind("storage.k8s.io/v1", "StorageClass");
    if (typeof storageClass !== "string" || served === undefined) return;
    const look = this.cluster.api.get(served, { namespace: "", name: storageClass });
    const warned = look.then((found) => {
      if (found === undefined)
        request.log("warning", `StorageClass "${storageClass}" does not exist: the claim stays Pending`);
    });
    // Whoever may not see the classes is not warned.
    warned.catch(() => undefined);
  }
}

function sameIdentity(before: PropertyMap, after: PropertyMap): boolean {
  const [was, is] = [mapOf(before["metadata"]), mapOf(after["metadata"])];
  return was["name"] === is["name"] && was["namespace"] === is["namespace"];
}

/** What an import takes as inputs: all but what the server sets. A Secret's contents are not stored here, so they are not returned. */
function importable(outputs: PropertyMap): PropertyMap {
  const { status: _status, ...object } = normalized(outputs);
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !holdsConcealed(value)));
}

function holdsConcealed(value: PropertyValue): boolean {
  const plain = reveal(value);
  return plain === CONCEALED || (isMap(plain) && Object.values(plain).some(holdsConcealed));
}

/** True if the ignored path is the path or one around it. */
function contains(ignored: string, path: string): boolean {
  return path === ignored || (path.startsWith(ignored) && /^[.[]/.test(path.slice(ignored.length)));
}

/** Errors that a preview ignores: the Namespace is created in the same run, the object is about to be replaced. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof ApiError && ["NotFound", "AlreadyExists", "Forbidden", "NoMatch"].includes(error.reason)
  );
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
