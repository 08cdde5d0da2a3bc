/** A Service with a page for pods that people of the project start themselves, behind the sign-in of its stacks. */
import { Construct } from "constructs";
import { PodService } from "../../../kit";
import { identityOf } from "../names";
import type { ProjectPlan } from "../plan";
import { PAGE_PORT, StackPage } from "../stacks/page";
import type { ServicePlan } from "./plan";

export class OwnService extends Construct {
  constructor(scope: Construct, id: string, plan: ProjectPlan, own: ServicePlan) {
    super(scope, id);
    const { objectName, port, route, access } = own;
    const identity = { ...identityOf(plan, objectName, "service"), namespace: plan.namespace.name };
    const { service } = new PodService(this, "Service", {
      ...identity,
      workload: objectName,
      podsBy: `people of the project ${plan.project}`,
      service: { name: objectName, ports: [{ name: "page", port: PAGE_PORT, targetPort: port }] },
    });
    new StackPage(this, "Page", {
      ...identity,
      className: plan.cluster.ingress.className,
      service,
      route,
      access,
    });
  }
}
