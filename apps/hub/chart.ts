/** One hub: its namespace, hub and proxy, homes, policies, and its path of the host. */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import { addNeeds, NO_NEED, type ListedException, type Need } from "../../kit";
import { LabNamespace } from "../namespace/lab-namespace";
import { DriveChart } from "./drive/chart";
import { DriveClassChart } from "./drive/class";
import { DriveClaims, DriveVolumesChart } from "./drive/volume";
import { HomeCopies, homesVolumeInHub } from "./home-copies/home-copies";
import { Homes } from "./homes";
import { HubWorkload } from "./hub-workload";
import { HubIngress } from "./ingress";
import { Metrics } from "./metrics/metrics";
import { namespaceIdentity } from "./names";
import { claimSizes, serversNeed } from "./need";
import type { HubPlan } from "./plan";
import { HubPolicies } from "./policies";
import { ProxyWorkload } from "./proxy-workload";
import { HubSchedulingChart } from "./scheduling/chart";
import { SharedDirectories } from "./shared-directories/shared-directories";
import { HubSecrets } from "./secret-objects";
import { SHARED_CLAIM } from "./server/settings";
import { ObjectStore } from "./store/object-store";

/** A JupyterHub with its proxy, in a namespace that is restricted and closed but for its own flows. */
export class HubChart extends Chart {
  /** Exceptions from the security profile and from probes, with the reasons. */
  readonly exceptions: readonly ListedException[];
  readonly labNamespace: LabNamespace;

  constructor(
    scope: Construct,
    id: string,
    readonly plan: HubPlan,
  ) {
    super(scope, id);
    const { existingNamespace, host, tenancy } = plan;
    const secrets = new HubSecrets(this, "Secrets", plan);
    const store = new ObjectStore(this, "Store", plan, plan.namespace);
    const { controller: hub, copies, service } = new HubWorkload(this, "Hub", plan, secrets, store);
    const proxy = new ProxyWorkload(this, "Proxy", plan, secrets);
    new Homes(this, "Homes", plan);
    const homeCopies = this.homeCopies(store);
    if (plan.metrics !== undefined) new Metrics(this, "Metrics", plan, service);
    new DriveClaims(this, "DriveClaims", plan);
    new SharedDirectories(this, "SharedDirectories", plan);
    new HubPolicies(this, "Policies", plan);
    if (host !== undefined) new HubIngress(this, "Ingress", { ...plan, host }, proxy.service);
    this.exceptions = [hub, proxy.controller].flatMap(({ exceptions }) => exceptions);
    this.labNamespace = new LabNamespace(this, "Namespace", {
      ...namespaceIdentity(plan),
      exists: existingNamespace,
      need: [hub.need, proxy.controller.need, copies.need, homeCopies].reduce(addNeeds, serversNeed(plan)),
      claimsGiB: claimSizes(plan),
      tenancy,
    });
    this.labNamespace.comesFirstIn(this);
  }

  /** Those of a drive are beside it. @returns what they use of the quota */
  private homeCopies(store: ObjectStore): Need {
    const { plan } = this;
    if (plan.backups === undefined || plan.homes.kind === "drive") return NO_NEED;
    const volume = homesVolumeInHub(this, plan, SHARED_CLAIM);
    return new HomeCopies(this, "HomeCopies", { plan, backups: plan.backups, volume, store }).need;
  }
}

/** Drives come before their volumes, and those before the hub that mounts them. All go in the opposite order. */
export function hubCharts(scope: App, plans: readonly HubPlan[]): void {
  const drives = driveCharts(scope, plans);
  for (const plan of plans) {
    const mounted = mountedDrives(plan).flatMap((hub) => drives.get(hub) ?? []);
    const chart = new HubChart(scope, `hub-${plan.name}`, plan);
    if (mounted.length === 0) continue;
    const volumes = new DriveVolumesChart(scope, `hub-${plan.name}-volumes`, plan);
    volumes.node.addDependency(...mounted);
    chart.node.addDependency(volumes);
  }
  const scheduling = plans[0]?.scheduling;
  if (scheduling !== undefined) new HubSchedulingChart(scope, "hub-scheduling", scheduling);
}

/** By hub, with the class that they have in common. */
function driveCharts(scope: App, plans: readonly HubPlan[]): ReadonlyMap<string, Chart> {
  const made = plans.flatMap((plan) => (plan.homes.kind === "drive" ? [{ plan, drive: plan.homes }] : []));
  const own = made.find(({ drive }) => drive.ownClass !== undefined);
  const shared =
    own?.drive.ownClass === undefined
      ? []
      : [
          new DriveClassChart(scope, "hub-drives", {
            ...own.drive.ownClass,
            environment: own.plan.environment,
          }),
        ];
  return new Map(
    made.map(({ plan, drive }) => {
      const chart = new DriveChart(scope, `hub-${plan.name}-drive`, plan, drive);
      if (drive.ownClass !== undefined) chart.node.addDependency(...shared);
      return [plan.name, chart] as const;
    }),
  );
}

/** Hubs whose drives a hub's servers mount. */
function mountedDrives({ name, homes, sharedDirectories }: HubPlan): readonly string[] {
  const of = sharedDirectories.flatMap(({ source }) => (source.kind === "drive" ? [source.hub] : []));
  return [...new Set([...(homes.kind === "drive" ? [name] : []), ...of])];
}
