/** One hub: its namespace, hub and proxy, homes, policies, and its path of the host. */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import { addNeeds, needOf, type ListedException, type Need, type Resources } from "../../kit";
import { LabNamespace } from "../namespace/lab-namespace";
import { Homes } from "./homes";
import { HubWorkload } from "./hub-workload";
import { HubIngress } from "./ingress";
import { Metrics } from "./metrics/metrics";
import { identityOf } from "./names";
import type { HubPlan } from "./plan";
import { HubPolicies } from "./policies";
import { ProxyWorkload } from "./proxy-workload";
import { HubSecrets } from "./secret-objects";

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
    const { namespace, host, tenancy } = plan;
    const secrets = new HubSecrets(this, "Secrets", plan);
    const { controller: hub, copies, service } = new HubWorkload(this, "Hub", plan, secrets);
    const proxy = new ProxyWorkload(this, "Proxy", plan, secrets);
    new Homes(this, "Homes", plan);
    if (plan.metrics !== undefined) new Metrics(this, "Metrics", plan, service);
    new HubPolicies(this, "Policies", plan);
    if (host !== undefined) new HubIngress(this, "Ingress", { ...plan, host }, proxy.service);
    this.exceptions = [hub, proxy.controller].flatMap(({ exceptions }) => exceptions);
    this.labNamespace = new LabNamespace(this, "Namespace", {
      ...identityOf(plan, namespace, "namespace"),
      need: [hub.need, proxy.controller.need, copies.need].reduce(addNeeds, serversNeed(plan)),
      tenancy,
    });
    this.labNamespace.comesFirstIn(this);
  }
}

/** As many servers as may run at once, each as large as the largest choice. */
function serversNeed({ activeServerLimit, server, profiles }: HubPlan): Need {
  const choices = profiles.length === 0 ? [server] : profiles;
  return needOf(activeServerLimit, [choices.map(({ resources }) => resources).reduce(largest)]);
}

function largest(one: Resources, other: Resources): Resources {
  const most = (key: keyof Resources) => ({
    cpuMillis: Math.max(one[key].cpuMillis, other[key].cpuMillis),
    memoryMiB: Math.max(one[key].memoryMiB, other[key].memoryMiB),
  });
  return { request: most("request"), limit: most("limit") };
}

export function hubCharts(scope: App, plans: readonly HubPlan[]): void {
  for (const plan of plans) new HubChart(scope, `hub-${plan.name}`, plan);
}
