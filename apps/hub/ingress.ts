/** One path of the common host. The certificate is the controller's default one. */
import type { Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { WebRoute } from "../../kit";
import { identityOf } from "./names";
import type { HubPlan } from "./plan";

type PublishedHub = HubPlan & Required<Pick<HubPlan, "host">>;

/** Kernels' websockets are silent while a cell computes (as JH sets it). */
const SILENT_SECONDS = 3600;

export class HubIngress extends Construct {
  constructor(scope: Construct, id: string, plan: PublishedHub, proxy: Service) {
    super(scope, id);
    const { host, path, cluster, namespace } = plan;
    new WebRoute(this, "Route", {
      ...identityOf(plan, "jupyterhub", "ingress"),
      namespace,
      className: cluster.ingress.className,
      host,
      paths: [{ path: withoutEnd(path), service: proxy }],
      auth: { kind: "public", reason: "the hub signs people in" },
      // Of uploads the notebook server has its own limit.
      body: { kind: "streamed" },
      websocketIdle: SILENT_SECONDS,
    });
  }
}

/** JupyterHub writes its path with a slash at both ends, an Ingress without the last one: both take `/physics` too. */
function withoutEnd(path: string): string {
  return path === "/" ? path : path.replace(/\/$/, "");
}
