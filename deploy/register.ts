/** From cdk8s to Pulumi, the thin half: one resource for each planned object, in the planned order. */
import * as pulumi from "@pulumi/pulumi";
import { UnboundValuesError, type ValueBindings } from "./bindings";
import { isJsonObject } from "./manifest";
import { planReferences, type DeployPlan, type PlannedObject } from "./plan";

/** What a plan is registered with. */
export interface RegisterSettings {
  /** The cluster. Passed explicitly to every object: a default provider would write to the cluster of the user's shell. */
  readonly provider: pulumi.ProviderResource;
  readonly bindings: ValueBindings;
  /** Resources that must exist before any object: the gate of the cluster. @default none */
  readonly gate?: readonly pulumi.Resource[];
  /** @default the stack */
  readonly parent?: pulumi.Resource;
}

/** What was registered, by identity (`apps/Deployment datalab/api`). */
export interface Registered {
  readonly charts: ReadonlyMap<string, ChartComponent>;
  readonly objects: ReadonlyMap<string, KubernetesObject>;
}

/** One chart. Its type is the same for all charts and classes, so URNs do not move when code does. */
export class ChartComponent extends pulumi.ComponentResource {
  constructor(chart: string, options: pulumi.ComponentResourceOptions) {
    super("labstead:deploy:Chart", chart, {}, options);
  }
}

/** One Kubernetes object; fields beyond these are there as Outputs as the manifest names them. */
export class KubernetesObject extends pulumi.CustomResource {
  declare readonly metadata: pulumi.Output<unknown>;
  declare readonly status: pulumi.Output<unknown>;

  constructor({ token, name }: PlannedObject, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    // Naming `status` without a value makes what the cluster reports there available as an Output.
    super(token, name, { ...inputs, status: undefined }, options);
  }
}

/**
 * Registers every object of a plan.
 * @throws UnboundValuesError naming every value that nothing is bound to, before anything is registered.
 */
export function registerPlan(plan: DeployPlan, settings: RegisterSettings): Registered {
  const missing = settings.bindings.missing(planReferences(plan));
  if (missing.length > 0) throw new UnboundValuesError(missing);
  const parent = settings.parent === undefined ? {} : { parent: settings.parent };
  const charts = new Map(plan.charts.map((chart) => [chart, new ChartComponent(chart, parent)]));
  const objects = new Map<string, KubernetesObject>();
  for (const planned of plan.objects) {
    const options = resourceOptions(planned, charts.get(planned.chart), objects, settings);
    objects.set(
      planned.identity,
      new KubernetesObject(planned, resourceInputs(planned, settings.bindings), options),
    );
  }
  return { charts, objects };
}

/** Secrets are wrapped as a whole: neither keys nor known values of theirs stand in the state in plain text. */
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
  { provider, gate = [] }: RegisterSettings,
): pulumi.CustomResourceOptions {
  const earlier = dependsOn.flatMap((identity) => objects.get(identity) ?? []);
  return {
    provider,
    protect: options.protect,
    retainOnDelete: options.retainOnDelete,
    ignoreChanges: [...options.ignoreChanges],
    replaceOnChanges: [...options.replaceOnChanges],
    // Whoever depends on another object comes after the gate through that one.
    dependsOn: earlier.length > 0 ? earlier : [...gate],
    additionalSecretOutputs: [...secretFields],
    ...(chart === undefined ? {} : { parent: chart }),
    ...(options.deleteBeforeReplace === undefined
      ? {}
      : { deleteBeforeReplace: options.deleteBeforeReplace }),
  };
}
