/**
 * From CDK8s to Pulumi, the pure half: the objects, their names and their order.
 *
 * Uses neither `app.synth()` nor `chart.toJson()`: their dependency resolution is exponential in nested scopes, they
 * order by charts, and they handle neither duplicates nor Namespaces that must be created first.
 */
import type { App, Chart } from "cdk8s";
import { requiredReferences, type Reference } from "../values";
import { collect, type CollectedObject } from "./collect";
import {
  fixedFields,
  groupOf,
  READY_TURNS,
  scopeOf,
  skipsAwait,
  TURN_COUNT,
  turnOf,
  typeToken,
  type Scope,
} from "./kinds";
import { fieldOf, identityOf, qualifiedName, type Manifest } from "./manifest";
import { applyObjectOverride, type ObjectOverrides } from "./override";
import { orderObjects, type Ordered } from "./order";
import { DeployPlanError, type DeployProblem } from "./problems";
import { isSecret, SECRET_FIELDS, violations } from "./rules";

/** How a resource is registered. */
export interface PlannedOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Identity of the object whose deletion deletes this one as well. @default none */
  readonly deletedWith?: string;
  /** If undefined, the provider decides. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

/** One Kubernetes object to register. */
export interface PlannedObject {
  /** `apps/Deployment datalab/api`: group, kind, namespace and name; unique in a plan, whatever the API version. */
  readonly identity: string;
  /** The Pulumi name, `datalab/api`, or `api` if cluster-scoped. The URN also contains the type, so it is unique. */
  readonly name: string;
  /** The Pulumi type, `kubernetes:apps/v1:Deployment`. */
  readonly token: string;
  readonly chart: string;
  /** Path of the object in the construct tree. */
  readonly path: string;
  /** With markers for values that are known later. */
  readonly manifest: Manifest;
  /** Identities that must exist before; a group is represented by its last objects. */
  readonly dependsOn: readonly string[];
  readonly options: PlannedOptions;
  /** The fields that are secret as a whole, in inputs and outputs. */
  readonly secretFields: readonly string[];
}

/** The objects to deploy. */
export interface DeployPlan {
  /** Ids of the charts, in the order of the tree. */
  readonly charts: readonly string[];
  /** Every object follows its dependencies. */
  readonly objects: readonly PlannedObject[];
}

/** Options of `planCharts`. */
export interface PlanOptions {
  /** Changes any field of any object, by its identity. One that matches nothing has no effect. @default none */
  readonly overrides?: ObjectOverrides;
}

/**
 * Plans all objects of an app, or of some of its charts.
 * @throws DeployPlanError with all problems.
 */
export function planCharts(source: App | readonly Chart[], options: PlanOptions = {}): DeployPlan {
  const { overrides = {} } = options;
  const { charts, objects: found, scopes, problems: treeProblems } = collect(source);
  const scopeFor = scopesOf(found);
  const results = found.map((object) => applyObjectOverride(inScope(object, scopeFor(object)), overrides));
  const objects = results.map(({ object }) => object);
  const turns = objects.map(({ path, manifest, scope }) => ({ path, scope, turn: turnOf(manifest.kind) }));
  const ordered = orderObjects({
    objects: turns,
    scopes,
    needs: impliedNeeds(objects),
    turns: TURN_COUNT,
    readyTurns: READY_TURNS,
  });
  const problems = [
    ...treeProblems,
    ...results.flatMap((each) => each.problems),
    ...duplicates(objects),
    ...objects.flatMap((object) => objectProblems(object, scopeFor(object))),
    ...ordered.cycles.map(cycleProblem),
  ];
  if (problems.length > 0) throw new DeployPlanError(problems);
  return { charts, objects: plannedObjects(objects, ordered) };
}

/** The references that must be bound before a plan is registered. */
export function planReferences(plan: DeployPlan): readonly Reference[] {
  return requiredReferences(plan.objects.map(({ manifest }) => manifest));
}

/** The scope of a kind: from the API server, the object's options or a planned definition. */
function scopesOf(objects: readonly CollectedObject[]): (object: CollectedObject) => Scope {
  const defined = new Map<string, Scope>();
  for (const { manifest } of objects) {
    const key = definedKind(manifest);
    if (key !== undefined)
      defined.set(key, fieldOf(manifest, "spec", "scope") === "Cluster" ? "cluster" : "namespace");
  }
  return ({ manifest: { apiVersion, kind }, options }) => {
    const group = groupOf(apiVersion);
    if (options.clusterScoped !== undefined) return options.clusterScoped ? "cluster" : "namespace";
    return defined.get(`${group}/${kind}`) ?? scopeOf(group, kind);
  };
}

/** `group/Kind` that a CustomResourceDefinition defines. */
function definedKind(manifest: Manifest): string | undefined {
  if (manifest.kind !== "CustomResourceDefinition") return undefined;
  const group = fieldOf(manifest, "spec", "group");
  const kind = fieldOf(manifest, "spec", "names", "kind");
  return typeof group === "string" && typeof kind === "string" ? `${group}/${kind}` : undefined;
}

/** A chart sets its namespace on all its objects, even cluster-scoped ones, from which it is removed. */
function inScope(object: CollectedObject, scope: Scope): CollectedObject {
  if (scope !== "cluster" || object.manifest.metadata.namespace === undefined) return object;
  const { namespace: _, ...metadata } = object.manifest.metadata;
  return {
    ...object,
    manifest: { ...object.manifest, metadata: { ...metadata, name: object.manifest.metadata.name } },
  };
}

/** An object requires its Namespace, the definition of its kind, and the policy that it binds, if these are planned too. */
function impliedNeeds(objects: readonly CollectedObject[]): readonly (readonly number[])[] {
  const namespaces = new Map<string, number>();
  const definitions = new Map<string, number>();
  const policies = new Map<unknown, number>();
  objects.forEach(({ manifest }, index) => {
    const key = definedKind(manifest);
    if (key !== undefined) definitions.set(key, index);
    if (manifest.apiVersion === "v1" && manifest.kind === "Namespace")
      namespaces.set(manifest.metadata.name, index);
    if (manifest.kind === "ValidatingAdmissionPolicy") policies.set(manifest.metadata.name, index);
  });
  return objects.map(({ manifest }) => {
    const { apiVersion, kind, metadata } = manifest;
    const bound = kind === "ValidatingAdmissionPolicyBinding" ? fieldOf(manifest, "spec", "policyName") : "";
    const needed = [
      metadata.namespace === undefined ? undefined : namespaces.get(metadata.namespace),
      definitions.get(`${groupOf(apiVersion)}/${kind}`),
      policies.get(bound),
    ];
    return needed.filter((index) => index !== undefined);
  });
}

function duplicates(objects: readonly CollectedObject[]): readonly DeployProblem[] {
  const first = new Map<string, string>();
  return objects.flatMap(({ manifest, path }) => {
    const identity = identityOf(manifest);
    const earlier = first.get(identity);
    if (earlier === undefined) first.set(identity, path);
    if (earlier === undefined) return [];
    return [
      { path, message: `is ${identity}, and so is ${earlier}; give one of them another name or namespace` },
    ];
  });
}

function objectProblems(
  { manifest, path, options }: CollectedObject,
  scope: Scope,
): readonly DeployProblem[] {
  const problems = violations(manifest, options).map(({ field, message }) => ({
    path: field === "" ? path : `${path}: ${field}`,
    message,
  }));
  if (scope !== "namespace" || manifest.metadata.namespace !== undefined) return problems;
  const message = `${manifest.kind} "${manifest.metadata.name}" has no namespace; give its chart one`;
  return [...problems, { path, message }];
}

function cycleProblem(cycle: readonly string[]): DeployProblem {
  return {
    path: cycle[0] ?? "",
    message: `depends on itself: ${cycle.join(" → ")}; remove one of these dependencies`,
  };
}

function plannedObjects(
  objects: readonly CollectedObject[],
  { order, dependsOn }: Ordered,
): readonly PlannedObject[] {
  const identities = objects.map(({ manifest }) => identityOf(manifest));
  const scaled = scaledByAutoscaler(objects);
  const named = new Map<readonly number[], readonly string[]>();
  const names = (indexes: readonly number[]): readonly string[] => {
    const known = named.get(indexes);
    if (known !== undefined) return known;
    const result = indexes.flatMap((index) => identities[index] ?? []);
    named.set(indexes, result);
    return result;
  };
  return order.flatMap((index) => {
    const object = objects[index];
    const identity = identities[index];
    if (object === undefined || identity === undefined) return [];
    return [plannedObject(object, identity, names(dependsOn[index] ?? []), scaled.has(identity))];
  });
}

function plannedObject(
  { chart, path, manifest, options }: CollectedObject,
  identity: string,
  dependsOn: readonly string[],
  scaled: boolean,
): PlannedObject {
  const skip = options.skipAwait ?? skipsAwait(manifest.kind, manifest["spec"]);
  const fixed = fixedFields(groupOf(manifest.apiVersion), manifest.kind);
  return {
    identity,
    name: qualifiedName(manifest.metadata),
    token: typeToken(manifest.apiVersion, manifest.kind),
    chart,
    path,
    manifest: skip ? withoutAwait(manifest) : manifest,
    dependsOn,
    options: {
      protect: options.protect ?? false,
      retainOnDelete: options.retainOnDelete ?? false,
      ...(options.deletedWithNamespace === true ? deletedWithNamespace(manifest) : {}),
      // The provider sets this only for replacements of its own, and two objects cannot have the same name.
      deleteBeforeReplace: options.deleteBeforeReplace ?? (fixed.length > 0 ? true : undefined),
      ignoreChanges: [...new Set([...(options.initialOnly ?? []), ...(scaled ? ["spec.replicas"] : [])])],
      replaceOnChanges: [...new Set([...(options.replaceOnChanges ?? []), ...fixed])],
    },
    secretFields: isSecret(manifest) ? SECRET_FIELDS : [],
  };
}

function deletedWithNamespace({ metadata: { namespace } }: Manifest): Pick<PlannedOptions, "deletedWith"> {
  if (namespace === undefined) return {};
  return {
    deletedWith: identityOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }),
  };
}

/** The provider's own annotation: the only option that it reads from the object instead of the resource's options. */
function withoutAwait(manifest: Manifest): Manifest {
  const annotations = { ...manifest.metadata.annotations, "pulumi.com/skipAwait": "true" };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

/** Identities whose replicas are managed by a planned HorizontalPodAutoscaler. */
function scaledByAutoscaler(objects: readonly CollectedObject[]): ReadonlySet<string> {
  const targets = objects.flatMap(({ manifest }) => {
    if (manifest.kind !== "HorizontalPodAutoscaler" || groupOf(manifest.apiVersion) !== "autoscaling")
      return [];
    const target = fieldOf(manifest, "spec", "scaleTargetRef");
    const apiVersion = fieldOf(target, "apiVersion");
    const kind = fieldOf(target, "kind");
    const name = fieldOf(target, "name");
    if (typeof kind !== "string" || typeof name !== "string") return [];
    const { namespace } = manifest.metadata;
    const metadata = namespace === undefined ? { name } : { name, namespace };
    return [
      identityOf({ apiVersion: typeof apiVersion === "string" ? apiVersion : "apps/v1", kind, metadata }),
    ];
  });
  return new Set(targets);
}
