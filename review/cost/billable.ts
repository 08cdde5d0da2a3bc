/** What an environment has that a cloud charges for: from its plan, and from the objects that make cloud resources. */
import { fieldOf, isJsonObject, type Manifest } from "../../deploy/manifest";
import type { PlannedObject } from "../../deploy/plan";
import type { EnvironmentPlan } from "../../environment/plan/types";
import type { Lab } from "../../lab";
import type { Layer } from "../layers";
import { gibibytesOf } from "../object-amounts";
import type { Priced } from "./priced";

/** An amount of one kind at one place. */
export interface Billable {
  readonly layer: Layer;
  readonly priced: Priced;
  /** Pool of servers, `workers.general`, or namespace. */
  readonly where: string;
  /** Of volumes GiB. */
  readonly amount: number;
}

export interface Billables {
  readonly items: readonly Billable[];
  /** What may cost something, and how much cannot be said, each with the reason. */
  readonly uncounted: readonly string[];
}

/** @param isApplication whether a chart is of an application: by its id */
export function billables(
  { plan, deploy }: Pick<Lab, "plan" | "deploy">,
  isApplication: (chart: string) => boolean,
): Billables {
  const objects = deploy.objects.map((object) => objectBillables(object, plan, isApplication));
  return {
    items: [...infrastructure(plan), ...objects.flatMap(({ items }) => items)],
    uncounted: [
      ...plan.containers.map(
        ({ name }) => `object container ${name}: how much will be stored in it is not planned`,
      ),
      ...objects.flatMap(({ uncounted }) => uncounted),
    ],
  };
}

function infrastructure(plan: EnvironmentPlan): readonly Billable[] {
  const item = (priced: Priced, where: string, amount: number): Billable => ({
    layer: "infrastructure",
    ...{ priced, where, amount },
  });
  const { servers, volumes, floatingIps, loadBalancers } = plan;
  return [
    ...servers.map(({ key, flavor }) => item({ kind: "server", flavor }, poolOf(key), 1)),
    ...servers.flatMap(({ key, bootVolume: boot }) =>
      boot === undefined
        ? []
        : [item({ kind: "volume", volumeType: boot.volumeType }, poolOf(key), boot.sizeGiB)],
    ),
    ...volumes.map(({ server, volumeType, sizeGiB }) =>
      item({ kind: "volume", volumeType }, poolOf(server), sizeGiB),
    ),
    ...floatingIps.map(({ target }) =>
      item({ kind: "floatingIp" }, target.kind === "vip" ? target.vip : poolOf(target.server), 1),
    ),
    ...loadBalancers
      .filter(({ kind }) => kind === "octavia")
      .map(({ key }) => item({ kind: "loadBalancer" }, key, 1)),
  ];
}

/** `workers.general/2` is a server of `workers.general`. */
function poolOf(key: string): string {
  return key.split("/", 1)[0] ?? key;
}

/** What one Kubernetes object makes the cloud charge. */
export function objectBillables(
  { chart, manifest }: PlannedObject,
  plan: EnvironmentPlan,
  isApplication: (chart: string) => boolean,
): Billables {
  const layer: Layer = isApplication(chart) ? "applications" : "platform";
  const where = `namespace ${manifest.metadata.namespace ?? ""}`;
  switch (manifest.kind) {
    case "PersistentVolumeClaim":
      return claimBillables({ layer, where, ...claimOf(manifest, 1) }, plan);
    case "StatefulSet":
      return joined(
        claimTemplates(manifest).map((claim) => claimBillables({ layer, where, ...claim }, plan)),
      );
    case "Service":
      // One with a class of its own is served inside the cluster, by MetalLB.
      return fieldOf(manifest, "spec", "type") === "LoadBalancer" &&
        fieldOf(manifest, "spec", "loadBalancerClass") === undefined
        ? serviceBillables(manifest, { layer, where })
        : NOTHING;
    default:
      return NOTHING;
  }
}

const NOTHING: Billables = { items: [], uncounted: [] };

function joined(each: readonly Billables[]): Billables {
  return {
    items: each.flatMap(({ items }) => items),
    uncounted: each.flatMap(({ uncounted }) => uncounted),
  };
}

/** Claims of one volume, or of one for each replica. */
interface Claim {
  readonly name: string;
  /** Undefined where it leaves the class to the cluster. */
  readonly storageClass?: string;
  readonly sizeGiB: number;
  readonly count: number;
}

function claimOf(claim: unknown, count: number): Claim {
  const storageClass = fieldOf(claim, "spec", "storageClassName");
  return {
    name: String(fieldOf(claim, "metadata", "name")),
    ...(typeof storageClass === "string" ? { storageClass } : {}),
    sizeGiB: gibibytesOf(fieldOf(claim, "spec", "resources", "requests", "storage")),
    count,
  };
}

function claimTemplates(manifest: Manifest): readonly Claim[] {
  const templates = fieldOf(manifest, "spec", "volumeClaimTemplates");
  const replicas = Number(fieldOf(manifest, "spec", "replicas") ?? 1);
  return Array.isArray(templates)
    ? templates.filter(isJsonObject).map((each) => claimOf(each, replicas))
    : [];
}

/** Claims of other classes are in volumes of servers, which are counted there, or on storage that is not Cinder's. */
function claimBillables(
  { layer, where, name, storageClass, sizeGiB, count }: Claim & Pick<Billable, "layer" | "where">,
  { cluster: { cinder, sharedClass } }: EnvironmentPlan,
): Billables {
  if (cinder !== undefined && storageClass !== undefined && cinder.classes.includes(storageClass)) {
    const priced = { kind: "volume" as const, volumeType: cinder.volumeType };
    return { items: [{ layer, priced, where, amount: sizeGiB * count }], uncounted: [] };
  }
  if (cinder !== undefined && storageClass === sharedClass) return NOTHING;
  const size = `${String(sizeGiB * count)} GiB`;
  return {
    items: [],
    uncounted: [`claim ${name} in ${where}, ${size} ${classText(storageClass)}: its price is not known`],
  };
}

/** An empty name asks for a volume that is there already. */
function classText(storageClass: string | undefined): string {
  if (storageClass === "") return "of an administrator's volume";
  return storageClass === undefined ? "of the default class" : `of class ${storageClass}`;
}

function serviceBillables(manifest: Manifest, at: Pick<Billable, "layer" | "where">): Billables {
  return {
    items: [{ ...at, priced: { kind: "loadBalancer" }, amount: 1 }],
    uncounted: [
      `Service ${manifest.metadata.name} in ${at.where}: whether its load balancer gets a floating IP is decided by its class`,
    ],
  };
}
