/** From CDK8s to Pulumi, the thin half: one resource for each planned object, in the planned order, or apply sets. */
import type * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../errors/assert-never";
import type { ApplySet } from "../provider/apply-set/resource";
import {
  namespaceSet,
  registerApplySets,
  type ApplySetDeployment,
  type UnorderedDivision,
} from "./apply-sets";
import { UnboundValuesError } from "./bindings";
import { planReferences, type DeployPlan, type PlannedObject } from "./plan";
import {
  parentOf,
  Registration,
  type ChartComponent,
  type KubernetesObject,
  type ObjectSettings,
} from "./registration";
import { unitsOfNamespaces } from "./set-order";

/** How the objects of a plan are deployed. To change from `objects` to `applySet`, run `up` with `handover` once. */
export type DeployMode =
  /** One resource for each object. */
  | ({ readonly kind: "objects" } & HandoverDeployment)
  /** As `objects` that are all handed over. */
  | { readonly kind: "handover" }
  /** Apply sets, for thousands of objects; what is apart may be handed over to later sets. */
  | ({ readonly kind: "applySet" } & ApplySetDeployment & HandoverDeployment);

interface HandoverDeployment {
  /** Which objects stay in the cluster when they leave the program, also protected ones, for apply sets. @default none */
  readonly handsOver?: (object: PlannedObject) => boolean;
}

/** The settings with which a plan is registered. */
export interface RegisterSettings extends ObjectSettings {
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
      return registerObjects(plan, new Registration(plan.charts, settings, deploy.handsOver));
    case "handover":
      return registerObjects(plan, new Registration(plan.charts, settings, () => true));
    case "applySet":
      return registerSets(plan, deploy, settings);
    default:
      return assertNever(deploy);
  }
}

function registerObjects({ objects }: DeployPlan, registration: Registration): Registered {
  for (const planned of objects) registration.add(planned);
  return registeredBy(registration, []);
}

function registeredBy({ charts, objects }: Registration, sets: readonly ApplySet[]): Registered {
  return { charts, objects, sets };
}

function registerSets(
  plan: DeployPlan,
  deploy: ApplySetDeployment & HandoverDeployment,
  settings: RegisterSettings,
): Registered {
  const { division = { kind: "one" }, apart = () => false } = deploy;
  const single = plan.objects.filter(apart);
  const charts = plan.charts.filter((chart) => single.some((each) => each.chart === chart));
  const objects = withContentProtected(plan.objects, apart);
  const registration = new Registration(charts, settings, deploy.handsOver);
  switch (division.kind) {
    case "one":
    case "owners":
      return registerSetsAfterSingle(objects, { ...deploy, division, apart }, registration, settings);
    case "namespaces":
      return registerSetsOfNamespaces(objects, { ...deploy, apart }, registration, settings);
    default:
      return assertNever(division);
  }
}

type Apart = Required<Pick<ApplySetDeployment, "apart">>;

/** All that stays single comes before all sets. */
function registerSetsAfterSingle(
  objects: readonly PlannedObject[],
  deploy: ApplySetDeployment & Apart & { readonly division: UnorderedDivision },
  registration: Registration,
  settings: RegisterSettings,
): Registered {
  for (const object of objects.filter(deploy.apart)) registration.add(object);
  const together = objects.filter((each) => !deploy.apart(each));
  const before = [...(settings.gate ?? []), ...registration.objects.values()];
  const options = { ...parentOf(settings), dependsOn: before };
  return registeredBy(registration, registerApplySets(together, deploy, settings.bindings, options));
}

function registerSetsOfNamespaces(
  objects: readonly PlannedObject[],
  deploy: ApplySetDeployment & Apart,
  registration: Registration,
  settings: RegisterSettings,
): Registered {
  const resources = new Map<string, pulumi.Resource>();
  const sets: ApplySet[] = [];
  for (const unit of unitsOfNamespaces(objects, deploy.apart)) {
    const after = unit.after.flatMap((key) => resources.get(key) ?? []);
    if (unit.kind === "single") {
      resources.set(unit.key, registration.add(unit.object, after));
      continue;
    }
    const options = { ...parentOf(settings), dependsOn: [...(settings.gate ?? []), ...after] };
    const set = namespaceSet(unit, deploy, settings.bindings, options);
    resources.set(unit.key, set);
    sets.push(set);
  }
  return registeredBy(registration, sets);
}

/** A set keeps what is protected in a Namespace; deleting the Namespace itself would delete it. */
function withContentProtected(
  objects: readonly PlannedObject[],
  apart: (object: PlannedObject) => boolean,
): readonly PlannedObject[] {
  const holding = new Set(
    objects
      .filter((each) => each.options.protect && !apart(each))
      .map(({ manifest }) => manifest.metadata.namespace),
  );
  return objects.map((object) => {
    const { kind, metadata } = object.manifest;
    if (kind !== "Namespace" || !apart(object) || !holding.has(metadata.name)) return object;
    return { ...object, options: { ...object.options, protect: true } };
  });
}
