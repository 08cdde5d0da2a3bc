/** From CDK8s to Pulumi, the thin half: one resource for each planned object, in the planned order, or apply sets. */
import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../errors/assert-never";
import type { ApplySet } from "../provider/apply-set/resource";
import { registerApplySets, type ApplySetDeployment } from "./apply-sets";
import { UnboundValuesError, type ValueBindings } from "./bindings";
import { isJsonObject } from "./manifest";
import { planReferences, type DeployPlan, type PlannedObject } from "./plan";

/** How the objects of a plan are deployed. To change from `objects` to `applySet`, run `up` with `handover` once. */
export type DeployMode =
  /** One resource for each object. */
  | { readonly kind: "objects" }
  /** As `objects`, but objects removed from the program stay in the cluster, also protected ones, for apply sets. */
  | { readonly kind: "handover" }
  /** Apply sets, for thousands of objects. */
  | ({ readonly kind: "applySet" } & ApplySetDeployment);

/** The settings with which a plan is registered. */
export interface RegisterSettings {
  /** The cluster. Passed to every object: a default provider would write to the cluster of the user's shell. */
  readonly provider: pulumi.ProviderResource;
  readonly bindings: ValueBindings;
  /** Resources that must exist before any object: the gate of the cluster. @default none */
  readonly gate?: readonly pulumi.Resource[];
  /** @default the stack */
  readonly parent?: pulumi.Resource;
  /** @default one resource for each object */
  readonly deploy?: DeployMode;
}

/** The registered resources, by identity (`apps/Deployment datalab/api`). */
export interface Registered {
  readonly charts: ReadonlyMap<string, ChartComponent>;
  /** Without those in apply sets. */
  readonly objects: ReadonlyMap<string, KubernetesObject>;
  /** Empty if each object is a resource. */
  readonly sets: readonly ApplySet[];
}

/** One chart. Its type is the same for all charts and classes, so moving code changes no URNs. */
export class ChartComponent extends pulumi.ComponentResource {
  constructor(chart: string, options: pulumi.ComponentResourceOptions) {
    super("labstead:deploy:Chart", chart, {}, options);
  }
}

/** One Kubernetes object; the other fields of the manifest are available as Outputs by their names. */
export class KubernetesObject extends pulumi.CustomResource {
  declare readonly metadata: pulumi.Output<unknown>;
  declare readonly status: pulumi.Output<unknown>;

  constructor({ token, name }: PlannedObject, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    // Naming `status` without a value makes the status in the cluster available as an Output.
    super(token, name, { ...inputs, status: undefined }, options);
  }
}

/**
 * Registers every object of a plan.
 * @throws UnboundValuesError naming every value without a binding, before anything is registered.
 */
export function registerPlan(plan: DeployPlan, settings: RegisterSettings): Registered {
  const missing = settings.bindings.missing(planReferences(plan));
  if (missing.length > 0) throw new UnboundValuesError(missing);
  const { deploy = { kind: "objects" } } = settings;
  switch (deploy.kind) {
    case "objects":
    case "handover":
      return registerObjects(plan, settings);
    case "applySet":
      return registerSets(plan, deploy, settings);
    default:
      return assertNever(deploy);
  }
}

function registerSets(plan: DeployPlan, deploy: ApplySetDeployment, settings: RegisterSettings): Registered {
  const { apart = () => false } = deploy;
  const single = plan.objects.filter(apart);
  const together = plan.objects.filter((each) => !apart(each));
  const charts = plan.charts.filter((chart) => single.some((each) => each.chart === chart));
  const registered = registerObjects(
    { charts, objects: single.map((each) => withContentProtected(each, together)) },
    settings,
  );
  const before = [...(settings.gate ?? []), ...registered.objects.values()];
  const options = { ...parentOf(settings), dependsOn: before };
  return {
    ...registered,
    sets: registerApplySets({ objects: together }, deploy, settings.bindings, options),
  };
}

/** A set keeps what is protected in a Namespace; deleting the Namespace itself would delete it. */
function withContentProtected(object: PlannedObject, together: readonly PlannedObject[]): PlannedObject {
  const { kind, metadata } = object.manifest;
  const holds =
    kind === "Namespace" &&
    together.some((each) => each.options.protect && each.manifest.metadata.namespace === metadata.name);
  return holds ? { ...object, options: { ...object.options, protect: true } } : object;
}

function registerObjects(plan: DeployPlan, settings: RegisterSettings): Registered {
  const parent = parentOf(settings);
  const charts = new Map(plan.charts.map((chart) => [chart, new ChartComponent(chart, parent)]));
  const objects = new Map<string, KubernetesObject>();
  for (const planned of plan.objects) {
    const options = resourceOptions(planned, charts.get(planned.chart), objects, settings);
    objects.set(
      planned.identity,
      new KubernetesObject(planned, resourceInputs(planned, settings.bindings), options),
    );
  }
  return { charts, objects, sets: [] };
}

function parentOf({ parent }: RegisterSettings): pulumi.ComponentResourceOptions {
  return parent === undefined ? {} : { parent };
}

/** Secrets are wrapped as a whole: the state contains neither their keys nor known values in plain text. */
function resourceInputs({ manifest, secretFields }: PlannedObject, bindings: ValueBindings): pulumi.Inputs {
  const inputs = bindings.lift(manifest);
  if (!isJsonObject(inputs)) throw new Error("a manifest is an object");
  const wrapped = secretFields
    .filter((field) => field in inputs)
    .map((field) => [field, pulumi.secret(inputs[field])] as const);
  return { ...inputs, ...Object.fromEntries(wrapped) };
}

function resourceOptions(
  { dependsOn, options, secretFields }: PlannedObject,
  chart: ChartComponent | undefined,
  objects: ReadonlyMap<string, KubernetesObject>,
  { provider, gate = [], deploy }: RegisterSettings,
): pulumi.CustomResourceOptions {
  const handsOver = deploy?.kind === "handover";
  const deletedWith = options.deletedWith === undefined ? undefined : objects.get(options.deletedWith);
  const earlier = dependsOn.flatMap((identity) => objects.get(identity) ?? []);
  return {
    provider,
    protect: options.protect && !handsOver,
    retainOnDelete: options.retainOnDelete || handsOver,
    ...(deletedWith === undefined ? {} : { deletedWith }),
    ignoreChanges: [...options.ignoreChanges],
    replaceOnChanges: [...options.replaceOnChanges],
    // An object that depends on another one waits for the gate through it.
    dependsOn: earlier.length > 0 ? earlier : [...gate],
    additionalSecretOutputs: [...secretFields],
    ...(chart === undefined ? {} : { parent: chart }),
    ...(options.deleteBeforeReplace === undefined
      ? {}
      : { deleteBeforeReplace: options.deleteBeforeReplace }),
  };
}
