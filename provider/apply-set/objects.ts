/** A set's requests to a cluster: the part that differs between a real and the built-in cloud. */
import type { PlainMap } from "../../provider-protocol";
import type { ClusterAccess } from "../kubernetes-api/kubeconfig";
import type { GroupKind, ObjectRef } from "./entries";

/** What a set reads of a live object. */
export interface LiveObject extends ObjectRef {
  readonly uid: string;
  /** Labels of the object. */
  readonly labels: Readonly<Record<string, string>>;
  /** It was deleted; finalizers are still pending. */
  readonly terminating: boolean;
  /** Managers that applied fields of it by server-side apply. */
  readonly managers: readonly string[];
  /** The cluster's record of a manager's fields: it differs when another manager has changed one of them. */
  recordOf(manager: string): string;
}

export interface ApplyOptions {
  /** The name under which the cluster records the fields. */
  readonly manager: string;
  /** Whether fields of other managers are taken over. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

export type Deletion = "deleted" | "gone" | "another";

/** Objects of one cluster. Methods throw {@link ApiRefusal} or {@link NoAnswer}. */
export interface ClusterObjects {
  /** Server-side apply. */
  apply(manifest: PlainMap, options: ApplyOptions): Promise<LiveObject>;
  /** The complete resulting object; nothing is changed. */
  dryRun(manifest: PlainMap, options: ApplyOptions): Promise<PlainMap>;
  /** The whole object; undefined if there is none. */
  get(ref: ObjectRef, signal: AbortSignal): Promise<PlainMap | undefined>;
  /** What a set reads of it; undefined if there is none. */
  find(ref: ObjectRef, signal: AbortSignal): Promise<LiveObject | undefined>;
  /**
   * Objects of a kind with a label; none of a kind that the cluster does not serve.
   * @param namespaces to search if the user may not list the whole cluster
   */
  list(
    kind: GroupKind,
    label: string,
    namespaces: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly LiveObject[]>;
  /** Some whole objects of a kind with a label, in one namespace: used to explain a workload's pods. */
  read(
    kind: GroupKind,
    where: { readonly label: string; readonly namespace: string },
    signal: AbortSignal,
  ): Promise<readonly PlainMap[]>;
  /**
   * Deletes the object if it still has this UID; `another`: another object has its name.
   * @param afterPods a workload stays until its pods are gone, which needs the cluster's controllers. @default false
   */
  delete(ref: ObjectRef, uid: string, signal: AbortSignal, afterPods?: boolean): Promise<Deletion>;
}

/** Opens a cluster; an open one is shared. */
export type OpenCluster = (access: ClusterAccess) => ClusterObjects;

/** A field that another manager owns. */
export interface FieldConflict {
  readonly manager: string;
  /** `.spec.replicas` */
  readonly field: string;
}

/** The API server's refusal of one request. */
export class ApiRefusal extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Of the API's Status, such as `Invalid`; empty without one. */
    readonly reason: string,
    message: string,
    /** @default none */
    readonly conflicts: readonly FieldConflict[] = [],
  ) {
    super(message);
    this.name = "ApiRefusal";
  }
}

/** The cluster does not answer, even after some time. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    /** What to check. @default that the API is reachable */
    readonly check?: string,
  ) {
    super(message);
    this.name = "NoAnswer";
  }
}
