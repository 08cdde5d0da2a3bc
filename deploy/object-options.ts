/**
 * Deployment options of an object. They are metadata of the construct, never an annotation,
 * so it does not reach the cluster.
 */
import { ApiObject } from "cdk8s";
import type { IConstruct } from "constructs";

/** The metadata type of the options. */
const OBJECT_OPTIONS = "labstead:deploy:ObjectOptions";

/** Options of one object. Paths are Pulumi property paths: `spec.replicas`, `data["key"]`. */
export interface ObjectOptions {
  /** Whether deletion and replacement are refused while this is set. @default false */
  readonly protect?: boolean;
  /** Whether the live object is kept when it is removed from the program. @default false */
  readonly retainOnDelete?: boolean;
  /**
   * Whether its namespace deletes it, where both are deleted: an object that pods hold, such as a claim, would wait for
   * pods that the program did not make. @default false: it is deleted by itself, before
   */
  readonly deletedWithNamespace?: boolean;
  /** Fields that are set only at creation and then belong to another writer, such as `spec.replicas`. @default none */
  readonly initialOnly?: readonly string[];
  /** Whether a replacement deletes the old object first. @default the provider's choice, true for named objects */
  readonly deleteBeforeReplace?: boolean;
  /** Fields whose change replaces the object. @default none */
  readonly replaceOnChanges?: readonly string[];
  /**
   * Whether Pulumi continues without waiting for the object to be ready.
   * @default true for an Ingress, a PersistentVolumeClaim and a Service that is not a LoadBalancer: they become ready
   * only with running pods, and a stopped user's pods do not run. False for everything else.
   */
  readonly skipAwait?: boolean;
  /**
   * Whether a custom resource is cluster-scoped.
   * @default the scope of its CustomResourceDefinition, if it is planned too
   */
  readonly clusterScoped?: boolean;
  /** Why this object may contain a secret although it is not a Secret. @default it may not */
  readonly exposesSecrets?: string;
}

/**
 * Sets options of the object that a construct represents (itself, or its default child). Later calls take precedence.
 * @example deployOptions(database, { protect: true, retainOnDelete: true })
 */
export function deployOptions(construct: IConstruct, options: ObjectOptions): void {
  ApiObject.of(construct).node.addMetadata(OBJECT_OPTIONS, options);
}

/** All options that were set on an object. */
export function objectOptions(object: ApiObject): ObjectOptions {
  return object.node.metadata
    .filter(({ type }) => type === OBJECT_OPTIONS)
    .reduce<ObjectOptions>((merged, { data }) => ({ ...merged, ...(data as ObjectOptions) }), {});
}
