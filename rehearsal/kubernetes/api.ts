/** Requests of a provider to a cluster's API server, served by a local cluster or a real one. */
import type { PlainMap, PropertyMap } from "../../provider-protocol";

import type { Kind } from "./kinds";

/** Which object. The namespace is empty for kinds outside of namespaces. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

export interface WriteOptions {
  /** Only check whether it would succeed. */
  readonly dryRun: boolean;
}

/** An API server. Every method throws {@link ApiError} where the server refuses. */
export interface ClusterApi {
  /** The kind as it is served, or undefined if it is not (no such CustomResourceDefinition). */
  kind(apiVersion: string, kind: string): Kind | undefined;
  /** The kind in the version that the cluster prefers, or undefined if it serves none. */
  preferredKind(group: string, kind: string): Kind | undefined;
  /** Makes a new object. The answer has `CONCEALED` in place of secret values. */
  create(kind: Kind, manifest: PropertyMap, options: WriteOptions): Promise<PlainMap>;
  /** Server-side apply to an existing object, or to a new one. */
  apply(kind: Kind, manifest: PropertyMap, options: WriteOptions): Promise<PlainMap>;
  /** Undefined if there is none. */
  get(kind: Kind, name: ObjectName): Promise<PlainMap | undefined>;
  /** Objects of a kind in a namespace; of the whole cluster if that is empty. */
  list(kind: Kind, namespace: string): Promise<readonly PlainMap[]>;
  /** Deleting what is gone is a success. A Namespace is deleted with all that is in it. */
  delete(kind: Kind, name: ObjectName): Promise<void>;
  /** Waits until a deleted object is gone, by listing and watching its whole namespace, as the official provider does. */
  gone(kind: Kind, name: ObjectName): Promise<void>;
}
