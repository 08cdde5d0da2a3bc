/** One cluster of the built-in cloud: its objects, and its API server's behaviour. Secret values are never stored. */
import { randomUUID } from "node:crypto";

import { sameValue } from "../../provider-protocol";
import type { PlainMap, PropertyMap } from "../../provider-protocol";

import { admitted } from "./admission";
import { Allocations } from "./allocation";
import type { ObjectName, WriteOptions } from "./api";
import { alreadyExists, ApiError, invalid, notFound } from "./api-error";
import { RIGHTS_GROUP, type RightsSource } from "./authorization";
import { identityOf, mapsAt, numberAt, textAt, valueAt, withFields, without } from "./fields";
import { builtInKind, builtInKinds, groupOf, isBuiltInVersion } from "./kinds";
import type { Kind } from "./kinds";
import { applied } from "./merge";
import { concealed } from "./secrets";
import { reconciled, withCreationFields } from "./status";
import type { Surroundings } from "./status";
import { validateChange, validateNew, validateReadable } from "./validation";

/** An object, and the manifest that its manager applied. */
export type StoredObject = {
  readonly group: string;
  readonly kind: string;
  readonly manifest: PlainMap;
  readonly live: PlainMap;
};

/** Where a cluster's objects survive the process. */
export interface ObjectStore {
  entries(): Iterable<readonly [string, StoredObject]>;
  set(key: string, value: StoredObject): void;
  delete(key: string): void;
}

/** Namespaces that every cluster has; the API server does not allow the first three to be deleted. */
const INITIAL_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];
const PERMANENT_NAMESPACES: ReadonlySet<string> = new Set(INITIAL_NAMESPACES.slice(0, 3));

const NAMESPACE = required("v1", "Namespace");
const SERVICE = required("v1", "Service");
const STORAGE_CLASS = required("storage.k8s.io/v1", "StorageClass");
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

export class LocalCluster implements RightsSource {
  readonly #objects = new Map<string, StoredObject>();
  readonly #byNamespace = new Map<string, Set<string>>();
  readonly #definitions = new Map<string, PlainMap>();
  readonly #classes = new Map<string, PlainMap>();
  readonly #rights = new Map<string, PlainMap>();
  readonly #allocations = new Allocations();
  #version = 0;

  /** @param nodes how many nodes the cluster has, asked whenever it matters */
  constructor(
    private readonly store: ObjectStore,
    private readonly nodes: () => number,
  ) {
    for (const [key, object] of store.entries()) this.#index(key, object);
    if (this.#objects.size === 0) this.#bootstrap();
  }

  /** Objects that exist. */
  get size(): number {
    return this.#objects.size;
  }

  rights(): Iterable<PlainMap> {
    return this.#rights.values();
  }

  /** All live objects. */
  *objects(): IterableIterator<PlainMap> {
    for (const { live } of this.#objects.values()) yield live;
  }

  kind(apiVersion: string, kind: string): Kind | undefined {
    const builtIn = builtInKind(apiVersion, kind);
    if (builtIn !== undefined || isBuiltInVersion(apiVersion)) return builtIn;
    const group = groupOf(apiVersion);
    const definition = this.#definitions.get(`${group}/${kind}`);
    const version = apiVersion.slice(group.length + 1);
    const served =
      definition !== undefined &&
      mapsAt(definition, "spec", "versions").some(
        (each) => each["name"] === version && each["served"] !== false,
      );
    if (!served) return undefined;
    const namespaced = textAt(definition, "spec", "scope") !== "Cluster";
    return { group, apiVersion, kind, namespaced, fields: undefined };
  }

  preferredKind(group: string, kind: string): Kind | undefined {
    const versions = mapsAt(this.#definitions.get(`${group}/${kind}`) ?? {}, "spec", "versions");
    const stored = versions.find((each) => each["storage"] === true) ?? versions[0];
    return stored === undefined
      ? builtInKinds().find((each) => each.group === group && each.kind === kind)
      : this.kind(`${group}/${textAt(stored, "name")}`, kind);
  }

  create(kind: Kind, manifest: PropertyMap, options: WriteOptions): Promise<PlainMap> {
    return answered(() => {
      validateReadable(manifest);
      const sent = concealed(manifest);
      const name = textAt(sent, "metadata", "name");
      if (this.#objects.has(keyOf(kind, nameOf(sent)))) {
        // Ports and addresses of a Service are checked before its name, and its namesake uses them.
        const clashes = isService(kind) ? this.#allocations.errors("", sent) : [];
        throw clashes.length > 0 ? invalid(kind, name, clashes) : alreadyExists(kind, name);
      }
      return this.#write(kind, sent, undefined, options);
    });
  }

  apply(kind: Kind, manifest: PropertyMap, options: WriteOptions): Promise<PlainMap> {
    return answered(() => {
      validateReadable(manifest);
      const sent = concealed(manifest);
      return this.#write(kind, sent, this.#objects.get(keyOf(kind, nameOf(sent))), options);
    });
  }

  get(kind: Kind, name: ObjectName): Promise<PlainMap | undefined> {
    return Promise.resolve(this.#objects.get(keyOf(kind, name))?.live);
  }

  list({ group, kind }: Kind, namespace: string): Promise<readonly PlainMap[]> {
    const found = [...this.#objects.values()].filter((each) => each.group === group && each.kind === kind);
    const live = found.map((each) => each.live);
    return Promise.resolve(
      namespace === "" ? live : live.filter((each) => identityOf(each).namespace === namespace),
    );
  }

  delete(kind: Kind, name: ObjectName): Promise<void> {
    return answered(() => {
      if (kind.kind === "Namespace" && PERMANENT_NAMESPACES.has(name.name))
        throw new ApiError(
          "Forbidden",
          `namespaces "${name.name}" is forbidden: this namespace may not be deleted`,
        );
      if (kind.kind === "Namespace") for (const key of [...this.#inside(name.name)]) this.#remove(key);
      this.#remove(keyOf(kind, name));
    });
  }

  /** Deletion is immediate here. */
  gone(): Promise<void> {
    return Promise.resolve();
  }

  /** Changes fields of a live object behind the program's back, as another client of the API would. */
  edit(kind: Kind, name: ObjectName, change: (live: PlainMap) => PlainMap): void {
    const key = keyOf(kind, name);
    const object = this.#objects.get(key);
    if (object === undefined) throw notFound(kind, name.name);
    this.#put(key, { ...object, live: this.#finish(kind, change(object.live), object.live) });
  }

  #write(
    kind: Kind,
    manifest: PlainMap,
    existing: StoredObject | undefined,
    { dryRun }: WriteOptions,
  ): PlainMap {
    const name = nameOf(manifest);
    if (kind.namespaced && !this.#objects.has(keyOf(NAMESPACE, { namespace: "", name: name.namespace })))
      throw notFound(NAMESPACE, name.namespace);
    const merged = existing === undefined ? manifest : applied(existing.live, existing.manifest, manifest);
    const object = admitted(kind, merged);
    if (existing === undefined) validateNew(kind, object);
    else validateChange(kind, existing.live, object);
    const key = keyOf(kind, name);
    const clashes = isService(kind) ? this.#allocations.errors(key, object) : [];
    if (clashes.length > 0) throw invalid(kind, name.name, clashes);
    if (dryRun) return object;
    const live = this.#finish(kind, object, existing?.live);
    this.#put(key, { group: kind.group, kind: kind.kind, manifest, live });
    return live;
  }

  /** The object with everything that only the server and the controllers set. */
  #finish(kind: Kind, object: PlainMap, before: PlainMap | undefined): PlainMap {
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const born =
      before === undefined
        ? withCreationFields(object, randomUUID(), now)
        : withFields(object, ["metadata"], { generation: nextGeneration(before, object) });
    const key = keyOf(kind, nameOf(object));
    const allocated = isService(kind) ? this.#allocations.assign(key, born) : born;
    const done = reconciled(kind, allocated, this.#surroundings(now));
    if (before !== undefined && sameValue(before, done)) return before;
    return withFields(done, ["metadata"], { resourceVersion: String(++this.#version) });
  }

  #surroundings(now: string): Surroundings {
    return {
      now,
      nodes: this.nodes(),
      bindingMode: (name) => {
        const found = name === undefined ? this.#defaultClass() : this.#classes.get(name);
        return found === undefined ? undefined : textAt(found, "volumeBindingMode");
      },
      loadBalancerAddress: (service) =>
        this.#allocations.externalIp(keyOf(SERVICE, nameOf(service)), service),
    };
  }

  #defaultClass(): PlainMap | undefined {
    return [...this.#classes.values()].find(
      (each) => valueAt(each, "metadata", "annotations", DEFAULT_CLASS) === "true",
    );
  }

  #put(key: string, object: StoredObject): void {
    this.store.set(key, object);
    this.#index(key, object);
  }

  #index(key: string, object: StoredObject): void {
    this.#objects.set(key, object);
    const { live, kind, group } = object;
    this.#version = Math.max(this.#version, Number(textAt(live, "metadata", "resourceVersion")));
    const { namespace, name } = nameOf(live);
    if (namespace !== "") this.#inside(namespace).add(key);
    if (kind === STORAGE_CLASS.kind && group === STORAGE_CLASS.group) this.#classes.set(name, live);
    if (kind === "CustomResourceDefinition") this.#definitions.set(definedKind(live), live);
    if (group === RIGHTS_GROUP) this.#rights.set(key, live);
    if (kind === SERVICE.kind && group === SERVICE.group) this.#allocations.assign(key, live);
  }

  #remove(key: string): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    const { live, kind } = object;
    this.store.delete(key);
    this.#objects.delete(key);
    const { namespace, name } = nameOf(live);
    this.#byNamespace.get(namespace)?.delete(key);
    this.#allocations.release(key, live);
    if (kind === STORAGE_CLASS.kind) this.#classes.delete(name);
    if (kind === "CustomResourceDefinition") this.#definitions.delete(definedKind(live));
    this.#rights.delete(key);
  }

  #inside(namespace: string): Set<string> {
    const keys = this.#byNamespace.get(namespace) ?? new Set<string>();
    this.#byNamespace.set(namespace, keys);
    return keys;
  }

  /** What kubeadm leaves: the namespaces, and the API's own Service. */
  #bootstrap(): void {
    for (const name of INITIAL_NAMESPACES)
      this.#write(NAMESPACE, { apiVersion: "v1", kind: "Namespace", metadata: { name } }, undefined, {
        dryRun: false,
      });
    const api: PlainMap = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kubernetes", namespace: "default" },
      spec: { clusterIP: "10.96.0.1", ports: [{ name: "https", port: 443, targetPort: 6443 }] },
    };
    this.#write(SERVICE, api, undefined, { dryRun: false });
  }
}

function answered<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => resolve(work()));
}

function required(apiVersion: string, kind: string): Kind {
  const found = builtInKind(apiVersion, kind);
  if (found === undefined) throw new Error(`no built-in kind ${apiVersion} ${kind}`);
  return found;
}

function isService({ kind, group }: Kind): boolean {
  return kind === "Service" && group === "";
}

function nameOf(object: PlainMap): ObjectName {
  return { namespace: textAt(object, "metadata", "namespace"), name: textAt(object, "metadata", "name") };
}

function keyOf({ group, kind }: Kind, { namespace, name }: ObjectName): string {
  return `${group}/${kind} ${namespace}/${name}`;
}

function definedKind(definition: PlainMap): string {
  return `${textAt(definition, "spec", "group")}/${textAt(definition, "spec", "names", "kind")}`;
}

/** A change of the desired state, and of nothing else, is a new generation. */
function nextGeneration(before: PlainMap, after: PlainMap): number {
  const desired = (object: PlainMap): PlainMap => ["metadata", "status"].reduce(without, object);
  const generation = numberAt(before, "metadata", "generation") ?? 1;
  return sameValue(desired(before), desired(after)) ? generation : generation + 1;
}
