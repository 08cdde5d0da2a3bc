/** Registers planned objects as Pulumi resources, one for each. */
import * as pulumi from "@pulumi/pulumi";
import type { ValueBindings } from "./bindings";
import { isJsonObject } from "./manifest";
import type { PlannedObject } from "./plan";

/** How objects are registered. */
export interface ObjectSettings {
  /** The cluster. Passed to every object: a default provider would write to the cluster of the user's shell. */
  readonly provider: pulumi.ProviderResource;
  readonly bindings: ValueBindings;
  /** Resources that must exist before any object: the gate of the cluster. @default none */
  readonly gate?: readonly pulumi.Resource[];
  /** @default the stack */
  readonly parent?: pulumi.Resource;
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

/** Registers objects one by one, each after those that it depends on. */
export class Registration {
  /** By id. */
  readonly charts: ReadonlyMap<string, ChartComponent>;
  /** By identity. */
  readonly objects = new Map<string, KubernetesObject>();

  /** @param handsOver which objects stay in the cluster when they leave the program, also protected ones */
  constructor(
    charts: readonly string[],
    private readonly settings: ObjectSettings,
    private readonly handsOver: (object: PlannedObject) => boolean = () => false,
  ) {
    const parent = parentOf(settings);
    this.charts = new Map(charts.map((chart) => [chart, new ChartComponent(chart, parent)]));
  }

  /** @param after what it depends on. @default the registered ones of the objects that the plan names */
  add(planned: PlannedObject, after?: readonly pulumi.Resource[]): KubernetesObject {
    const earlier = after ?? planned.dependsOn.flatMap((identity) => this.objects.get(identity) ?? []);
    const inputs = resourceInputs(planned, this.settings.bindings);
    const object = new KubernetesObject(planned, inputs, this.optionsOf(planned, earlier));
    this.objects.set(planned.identity, object);
    return object;
  }

  private optionsOf(
    planned: PlannedObject,
    earlier: readonly pulumi.Resource[],
  ): pulumi.CustomResourceOptions {
    const { chart, options, secretFields } = planned;
    const handsOver = this.handsOver(planned);
    const { provider, gate = [] } = this.settings;
    const parent = this.charts.get(chart);
    const deletedWith = options.deletedWith === undefined ? undefined : this.objects.get(options.deletedWith);
    return {
      provider,
      protect: options.protect && !handsOver,
      retainOnDelete: options.retainOnDelete || handsOver,
      ...(deletedWith === undefined ? {} : { deletedWith }),
      ignoreChanges: [...options.ignoreChanges],
      replaceOnChanges: [...options.replaceOnChanges],
      // An object that depends on another one waits for the gate through it.
      dependsOn: [...(earlier.length > 0 ? earlier : gate)],
      additionalSecretOutputs: [...secretFields],
      ...(parent === undefined ? {} : { parent }),
      ...(options.deleteBeforeReplace === undefined
        ? {}
        : { deleteBeforeReplace: options.deleteBeforeReplace }),
    };
  }
}

/** Options that place something below a parent, if there is one. */
export function parentOf({ parent }: Pick<ObjectSettings, "parent">): pulumi.ComponentResourceOptions {
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
