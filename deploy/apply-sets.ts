/** A plan as apply sets: its objects are applied together instead of being one resource each. */
import type * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../errors/assert-never";
import { ApplySet, ShardedApplySet } from "../provider/apply-set/resource";
import type { ApplySetArgs, ApplySetManifest, ApplySetSettings } from "../provider/apply-set/resource";
import type { ValueBindings } from "./bindings";
import { identityOf, type Manifest } from "./manifest";
import type { PlannedObject } from "./plan";
import type { SetUnit } from "./set-order";

/** How objects are divided among sets. */
export type SetDivision =
  /** All are one set. */
  | { readonly kind: "one" }
  /** A fixed number of sets, by the owner of an object. */
  | { readonly kind: "owners"; readonly ownerOf: (manifest: ApplySetManifest) => string | undefined }
  /**
   * A set for each namespace, with its record in it, and one for what is outside of namespaces, applied first. Only for
   * namespaces that exist before the sets: {@link ApplySetDeployment.apart}. A set and what stays apart follow the sets
   * whose objects their own ones depend on, and are deleted before them.
   */
  | { readonly kind: "namespaces" };

/** Those whose sets have no order from the plan. */
export type UnorderedDivision = Exclude<SetDivision, { readonly kind: "namespaces" }>;

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
   * Namespace. Where sets are of namespaces, an object that depends on those of a set comes after it. @default none
   */
  readonly apart?: (object: PlannedObject) => boolean;
}

/** Prefixes of the field manager names of objects that were resources before. */
const FORMER_MANAGERS = ["pulumi-kubernetes"];

/** An annotation for the Kubernetes provider, which sets ignore. */
const SKIP_AWAIT = "pulumi.com/skipAwait";

/** The sets of a plan that are not divided by namespaces. @param options including what all of them wait for */
export function registerApplySets(
  objects: readonly PlannedObject[],
  { division = { kind: "one" }, ...deploy }: ApplySetDeployment & { readonly division?: UnorderedDivision },
  bindings: ValueBindings,
  options: pulumi.ComponentResourceOptions,
): readonly ApplySet[] {
  const { name, provider } = deploy;
  const args = argsOf(objects, deploy, bindings);
  const placed = { ...options, provider };
  switch (division.kind) {
    case "one":
      return [new ApplySet(name, args, placed)];
    case "owners": {
      const { common, shards } = new ShardedApplySet(name, { ...args, ownerOf: division.ownerOf }, placed);
      return [common, ...shards];
    }
    default:
      return assertNever(division);
  }
}

/** Named by its namespace in state; in the cluster all have one name, each in its own namespace. */
export function namespaceSet(
  { namespace, objects }: Pick<SetUnit, "namespace" | "objects">,
  { name, provider, ...deploy }: ApplySetDeployment,
  bindings: ValueBindings,
  options: pulumi.CustomResourceOptions,
): ApplySet {
  const args = { ...argsOf(objects, deploy, bindings), name };
  const placed = { ...options, provider };
  return namespace === undefined
    ? new ApplySet(`${name}/cluster`, args, placed)
    : new ApplySet(`${name}/namespace/${namespace}`, { ...args, namespace }, placed);
}

function argsOf(
  planned: readonly PlannedObject[],
  { settings }: Pick<ApplySetDeployment, "settings">,
  bindings: ValueBindings,
): ApplySetArgs & ReturnType<typeof optionsOf> {
  const objects = planned.map(({ manifest }) => bound(withoutAwait(manifest), bindings));
  const takesOver = [...FORMER_MANAGERS, ...(settings.takesOver ?? [])];
  return { ...settings, takesOver, objects, ...optionsOf(planned) };
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
