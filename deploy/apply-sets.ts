/** A plan as apply sets: its objects are applied together instead of being one resource each. */
import type * as pulumi from "@pulumi/pulumi";
import { ApplySet, ShardedApplySet } from "../provider/apply-set/resource";
import type { ApplySetManifest, ApplySetSettings } from "../provider/apply-set/resource";
import type { ValueBindings } from "./bindings";
import { identityOf, type Manifest } from "./manifest";
import type { DeployPlan } from "./plan";

/** Names of a plan's sets, and how they are applied. */
export interface ApplySetDeployment {
  /** Of the set, in state and cluster; at most 40 lower-case letters, digits and hyphens. It must never change. */
  readonly name: string;
  /** A {@link LabsteadProvider}. */
  readonly provider: pulumi.ProviderResource;
  readonly settings: ApplySetSettings;
  /** The owner of an object; objects are then divided among a fixed number of sets. @default one set for all */
  readonly ownerOf?: (manifest: ApplySetManifest) => string | undefined;
}

/** Prefixes of the field manager names of objects that were resources before. */
const FORMER_MANAGERS = ["pulumi-kubernetes"];

/** An annotation for the Kubernetes provider, which sets ignore. */
const SKIP_AWAIT = "pulumi.com/skipAwait";

/** The sets of a plan. */
export function registerApplySets(
  plan: DeployPlan,
  { name, provider, settings, ownerOf }: ApplySetDeployment,
  bindings: ValueBindings,
  options: pulumi.ComponentResourceOptions,
): readonly ApplySet[] {
  const objects = plan.objects.map(({ manifest }) => bound(withoutAwait(manifest), bindings));
  const takesOver = [...FORMER_MANAGERS, ...(settings.takesOver ?? [])];
  const args = { ...settings, takesOver, objects, initialOnly: initialFieldsOf(plan) };
  if (ownerOf === undefined) return [new ApplySet(name, args, { ...options, provider })];
  const { common, shards } = new ShardedApplySet(name, { ...args, ownerOf }, { ...options, provider });
  return [common, ...shards];
}

/** Fields whose changes the Kubernetes provider would ignore. */
function initialFieldsOf(plan: DeployPlan): (manifest: ApplySetManifest) => readonly string[] {
  const paths = new Map(plan.objects.map(({ identity, options }) => [identity, options.ignoreChanges]));
  return (manifest) => paths.get(identityOf(manifest)) ?? [];
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
