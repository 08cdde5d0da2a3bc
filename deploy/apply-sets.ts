/** A plan as apply sets: its objects are applied together instead of being one resource each. */
import type * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../errors/assert-never";
import { ApplySet, ShardedApplySet } from "../provider/apply-set/resource";
import type { ApplySetArgs, ApplySetManifest, ApplySetSettings } from "../provider/apply-set/resource";
import type { ValueBindings } from "./bindings";
import { identityOf, type Manifest } from "./manifest";
import type { DeployPlan, PlannedObject } from "./plan";

/** How objects are divided among sets. */
export type SetDivision =
  /** All are one set. */
  | { readonly kind: "one" }
  /** A fixed number of sets, by the owner of an object. */
  | { readonly kind: "owners"; readonly ownerOf: (manifest: ApplySetManifest) => string | undefined }
  /**
   * A set for each namespace, with its record in it, and one for what is outside of namespaces, applied first. Only for
   * namespaces that exist before the sets: {@link ApplySetDeployment.apart}.
   */
  | { readonly kind: "namespaces" };

/** Names of a plan's sets, and how they are applied. */
export interface ApplySetDeployment {
  /** Of the sets, in state and cluster; at most 40 lower-case letters, digits and hyphens. It must never change. */
  readonly name: string;
  /** A {@link LabsteadProvider}. */
  readonly provider: pulumi.ProviderResource;
  readonly settings: ApplySetSettings;
  /** @default one set for all objects */
  readonly division?: SetDivision;
  /**
   * Objects that stay one resource each, before the sets: what a set needs before it can be applied, such as its
   * Namespace. @default none
   */
  readonly apart?: (object: PlannedObject) => boolean;
}

/** Prefixes of the field manager names of objects that were resources before. */
const FORMER_MANAGERS = ["pulumi-kubernetes"];

/** An annotation for the Kubernetes provider, which sets ignore. */
const SKIP_AWAIT = "pulumi.com/skipAwait";

/** The sets of a plan. @param options including what all of them wait for */
export function registerApplySets(
  { objects: planned }: Pick<DeployPlan, "objects">,
  { name, provider, settings, division = { kind: "one" } }: ApplySetDeployment,
  bindings: ValueBindings,
  options: pulumi.ComponentResourceOptions,
): readonly ApplySet[] {
  const objects = planned.map(({ manifest }) => bound(withoutAwait(manifest), bindings));
  const takesOver = [...FORMER_MANAGERS, ...(settings.takesOver ?? [])];
  const args = { ...settings, takesOver, objects, ...optionsOf(planned) };
  const placed = { ...options, provider };
  switch (division.kind) {
    case "one":
      return [new ApplySet(name, args, placed)];
    case "owners": {
      const { common, shards } = new ShardedApplySet(name, { ...args, ownerOf: division.ownerOf }, placed);
      return [common, ...shards];
    }
    case "namespaces":
      return setsOfNamespaces(name, args, placed);
    default:
      return assertNever(division);
  }
}

/** Named by their namespaces in state; in the cluster all have one name, each in its own namespace. */
function setsOfNamespaces(
  name: string,
  { objects, ...args }: ApplySetArgs,
  options: pulumi.CustomResourceOptions,
): readonly ApplySet[] {
  const outside = objects.filter(({ metadata }) => metadata.namespace === undefined);
  const namespaces = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  const before =
    outside.length === 0
      ? []
      : [new ApplySet(`${name}/cluster`, { ...args, name, objects: outside }, options)];
  const after = before.length === 0 ? options : { ...options, dependsOn: before };
  const inside = [...namespaces].map((namespace) => {
    const own = objects.filter(({ metadata }) => metadata.namespace === namespace);
    return new ApplySet(`${name}/namespace/${namespace}`, { ...args, name, namespace, objects: own }, after);
  });
  return [...before, ...inside];
}

/** Options of objects that hold in a set too. */
function optionsOf(
  planned: readonly PlannedObject[],
): Required<Pick<ApplySetArgs, "initialOnly" | "skipReady">> {
  const byIdentity = new Map(planned.map((each) => [each.identity, each]));
  return {
    initialOnly: (manifest) => byIdentity.get(identityOf(manifest))?.options.ignoreChanges ?? [],
    skipReady: (manifest) => {
      const annotations = byIdentity.get(identityOf(manifest))?.manifest.metadata.annotations ?? {};
      return annotations[SKIP_AWAIT] === "true";
    },
  };
}

function bound(manifest: Manifest, bindings: ValueBindings): ApplySetManifest {
  const { apiVersion, kind, metadata } = manifest;
  const lifted = bindings.lift(manifest) as Readonly<Record<string, unknown>>;
  const liftedMetadata = lifted["metadata"] as Readonly<Record<string, unknown>>;
  const { name, namespace } = metadata;
  // An object's identity contains no markers: the plan refuses them there.
  const identity = namespace === undefined ? { name } : { name, namespace };
  return { ...lifted, apiVersion, kind, metadata: { ...liftedMetadata, ...identity } };
}

function withoutAwait(manifest: Manifest): Manifest {
  const { annotations = {}, ...metadata } = manifest.metadata;
  const { [SKIP_AWAIT]: _skip, ...others } = annotations;
  const kept = Object.keys(others).length === 0 ? {} : { annotations: others };
  return { ...manifest, metadata: { ...metadata, ...kept } };
}
