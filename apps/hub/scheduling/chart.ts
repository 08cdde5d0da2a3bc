/** What makes nodes ready for people: a scheduler, placeholders and pullers, once for all hubs of an environment. */
import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { addNeeds, NO_NEED, PriorityClass, type Need } from "../../../kit";
import { LabNamespace } from "../../namespace/lab-namespace";
import { identityOf } from "../names";
import { PRIORITIES, priorityClass, type Priority } from "./names";
import type { SchedulingPlan } from "./plan";
import { UserScheduler } from "./user-scheduler";
import { ImagePullers, Placeholders } from "./waiting-pods";

export class HubSchedulingChart extends Chart {
  constructor(
    scope: Construct,
    id: string,
    readonly plan: SchedulingPlan,
  ) {
    super(scope, id);
    const { namespace, scheduler, placeholder, pulled, tenancy } = plan;
    this.priorities();
    const needs: Need[] = [];
    if (scheduler !== undefined)
      needs.push(new UserScheduler(this, "Scheduler", plan, scheduler).controller.need);
    if (placeholder !== undefined) needs.push(new Placeholders(this, "Placeholders", plan, placeholder).need);
    if (pulled.length > 0) needs.push(new ImagePullers(this, "Pullers", plan).need);
    new LabNamespace(this, "Namespace", {
      ...identityOf(plan, namespace, "namespace"),
      need: needs.reduce(addNeeds, NO_NEED),
      tenancy,
    }).comesFirstIn(this);
  }

  /** Cluster-scoped, and one set for all hubs. */
  private priorities(): void {
    for (const [key, { value, description }] of Object.entries(PRIORITIES)) {
      const name = priorityClass(this.plan.environment, key as Priority);
      new PriorityClass(this, `Priority-${key}`, {
        ...identityOf(this.plan, name, "priority"),
        value,
        description,
      });
    }
  }
}
