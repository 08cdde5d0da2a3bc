/** ApplySet, for programs. */
import * as pulumi from "@pulumi/pulumi";

import type { ApiRoute } from "../kubernetes-api/api-route";
import type { ConflictPolicy } from "./apply-object";
import { manifestKey } from "./entries";
import { fieldManager } from "./identity";
import { offerText } from "./manifest-socket";
import type { OfferedText } from "./manifest-socket";
import type { Readiness } from "./readiness";
import { sharded } from "./shards";
import { APPLY_SET } from "./token";

/** A Kubernetes object. Its identity is known at once; any other field may be an Output. */
export interface ApplySetManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** How the objects of a set are applied. */
export interface ApplySetSettings {
  /** Contents of a kubeconfig. Stored as a secret; renewing it is not a change. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Key of the digests in the state: secret, 16 characters or more, one for the whole stack, permanent. */
  readonly salt: pulumi.Input<string>;
  /** Namespace of the set's record, a ConfigMap; it never changes. @default "default" */
  readonly namespace?: string;
  /** What happens with a field that another manager has set to another value. @default "refuse" */
  readonly conflicts?: ConflictPolicy;
  /** Name prefixes of managers whose fields are taken over, such as `pulumi-kubernetes`. @default none */
  readonly takesOver?: readonly string[];
  /**
   * Whether objects with data are also deleted when they leave the set, or with the set: claims, volumes, Namespaces
   * and definitions of custom resources. @default false
   */
  readonly deletesData?: boolean;
  /**
   * When the set is done: `none` when the API server accepted every object, `applied` when they still exist after that,
   * `ready` when workloads are rolled out and claims bound. @default "applied"
   */
  readonly readiness?: Readiness;
  /** Seconds that an object may take to be ready. @default 600 */
  readonly readyTimeoutSeconds?: number;
  /** How this machine connects to the API; errors advise accordingly. @default "direct" */
  readonly how?: pulumi.Input<ApiRoute>;
}

/** One set. */
export interface ApplySetArgs extends ApplySetSettings {
  /** Name of the set in the cluster; it never changes. @default the name of the resource */
  readonly name?: string;
  readonly objects: readonly ApplySetManifest[];
  /**
   * Paths of fields that are set only when an object is created, such as `spec.replicas`. @default none of any object
   */
  readonly initialOnly?: (manifest: ApplySetManifest) => readonly string[];
  /** Whether the set is ready without an object: one that waits for another, such as a stopped user's claim. @default none */
  readonly skipReady?: (manifest: ApplySetManifest) => boolean;
}

/**
 * Kubernetes objects as one resource: applied in parallel by server-side apply, only what changed, and deleted when
 * they leave the set. The state has keyed digests of them and no manifest. A preview lists each object that changes; a
 * refresh finds what was deleted or changed manually. Existing objects are taken over.
 * @example
 * const objects = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "users" } }];
 * new ApplySet("users", { kubeconfig, salt: "kept in the stack's configuration", objects }, { provider });
 */
export class ApplySet extends pulumi.CustomResource {
  /** Digests of the applied objects, by `namespace/name/kind.group`. */
  declare readonly objects: pulumi.Output<Readonly<Record<string, string>>>;
  /** Objects that the set no longer declares and kept in the cluster, because they have data. */
  declare readonly kept: pulumi.Output<readonly string[]>;

  /** @throws Error if two objects are the same one */
  constructor(name: string, args: ApplySetArgs, options: pulumi.CustomResourceOptions = {}) {
    const { known, bound } = dividedManifests(args.objects);
    const offered = givenText(known);
    const manifests = offered?.input ?? JSON.stringify(known);
    super(
      APPLY_SET,
      name,
      { ...inputsOf(name, args), manifests: pulumi.secret(manifests), boundManifests: bound },
      options,
    );
    // The engine has the inputs checked before it answers the registration, not afterwards.
    if (offered !== undefined) this.urn.apply(() => offered.withdraw());
  }
}

/** Objects above which the plugin gets the manifests over a socket: below, it gains nothing. */
const OFFERED_ABOVE = 200;

/** One text for all: engine and SDK would take longer over thousands of values than the plugin to apply them. */
function givenText(known: DividedManifests["known"]): OfferedText | undefined {
  const isBig = Object.keys(known).length > OFFERED_ABOVE;
  return isBig ? offerText(() => JSON.stringify(known)) : undefined;
}

/** Inputs other than the manifests. */
function inputsOf(resource: string, args: ApplySetArgs): pulumi.Inputs {
  const {
    objects,
    name = resource,
    namespace = "default",
    kubeconfig,
    salt,
    initialOnly,
    skipReady,
    ...settings
  } = args;
  return {
    ...settings,
    name,
    namespace,
    kubeconfig: pulumi.secret(kubeconfig),
    salt: pulumi.secret(salt),
    initialOnly: initialFields(objects, initialOnly),
    notAwaited: skipReady === undefined ? undefined : objects.filter(skipReady).map(manifestKey),
    objects: undefined,
    kept: undefined,
  };
}

/** Paths by entry key, of objects that have any. */
function initialFields(
  objects: readonly ApplySetManifest[],
  pathsOf: ApplySetArgs["initialOnly"],
): Readonly<Record<string, readonly string[]>> | undefined {
  if (pathsOf === undefined) return undefined;
  const paths = objects.map((manifest) => [manifestKey(manifest), pathsOf(manifest)] as const);
  return Object.fromEntries(paths.filter(([, { length }]) => length > 0));
}

interface DividedManifests {
  /** By entry key. */
  readonly known: Readonly<Record<string, ApplySetManifest>>;
  /** JSON of those that contain an Output, by entry key: known and secret individually. */
  readonly bound: Readonly<Record<string, pulumi.Output<string>>>;
}

function dividedManifests(objects: readonly ApplySetManifest[]): DividedManifests {
  const known: Record<string, ApplySetManifest> = {};
  const bound: Record<string, pulumi.Output<string>> = {};
  for (const manifest of objects) {
    const key = manifestKey(manifest);
    if (key in known || key in bound)
      throw new Error(`${key} is in the set twice; give one of them another name or namespace`);
    if (holdsOutput(manifest))
      bound[key] = pulumi.all([manifest as pulumi.Input<unknown>]).apply(([value]) => JSON.stringify(value));
    else known[key] = manifest;
  }
  return { known, bound };
}

function holdsOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  if (Array.isArray(value)) return value.some(holdsOutput);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
}

/** Many objects of many owners. */
export interface ShardedApplySetArgs
  extends ApplySetSettings, Pick<ApplySetArgs, "objects" | "initialOnly" | "skipReady"> {
  /**
   * Owner of an object: a user, or a namespace of its own. Undefined for shared objects, such as a Namespace for all.
   */
  readonly ownerOf: (manifest: ApplySetManifest) => string | undefined;
}

/**
 * Objects of many owners as a fixed number of sets, so that adding or removing an owner changes one of them. Objects
 * without an owner form their own set, before the others. The owner of an object must never change: with another one it
 * may be in another set, and is deleted and recreated.
 * @example
 * const objects = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "ada" } }];
 * const ownerOf = ({ metadata }: ApplySetManifest) => metadata.namespace;
 * new ShardedApplySet("users", { kubeconfig, salt: "kept in the stack's configuration", objects, ownerOf }, { provider });
 */
export class ShardedApplySet extends pulumi.ComponentResource {
  /** Objects without an owner. */
  readonly common: ApplySet;
  readonly shards: readonly ApplySet[];

  constructor(name: string, args: ShardedApplySetArgs, options: ShardedOptions = {}) {
    const { provider, ...others } = options;
    super("labstead:index:ShardedApplySet", name, {}, others);
    const { objects, ownerOf, takesOver = [], ...settings } = args;
    const { namespace = "default" } = settings;
    const divided = sharded(objects, ownerOf);
    const shardNames = divided.shards.map((_, index) => `${name}-${String(index).padStart(2, "0")}`);
    // An object that moves within the family is not a conflict.
    const family = [`${name}-common`, ...shardNames].map((each) => fieldManager({ namespace, name: each }));
    const common = { ...settings, takesOver: [...takesOver, ...family] };
    const placed = { parent: this, ...(provider === undefined ? {} : { provider }) };
    // Children do not wait for what their parent waits for.
    const first = { ...placed, ...(others.dependsOn === undefined ? {} : { dependsOn: others.dependsOn }) };
    this.common = new ApplySet(`${name}-common`, { ...common, objects: divided.common }, first);
    const after = { ...placed, dependsOn: [this.common] };
    this.shards = divided.shards.map(
      (shard, index) => new ApplySet(shardNames[index] ?? "", { ...common, objects: shard }, after),
    );
  }
}

/** Options of {@link ShardedApplySet}. */
export interface ShardedOptions extends pulumi.ComponentResourceOptions {
  /**
   * A {@link LabsteadProvider}; the default provider of the package would read the project's configuration as its own.
   */
  readonly provider?: pulumi.ProviderResource;
}
