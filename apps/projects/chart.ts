/** Projects: a chart of each, with its two namespaces. */
import { Chart, type App } from "cdk8s";
import { Construct } from "constructs";
import { gibibytes } from "../../environment/schema/quantities";
import { addNeeds, NO_NEED, type ListedException } from "../../kit";
import { LabNamespace } from "../namespace/lab-namespace";
import { containerLimitsOf, quotaOf } from "../namespace/quota";
import { SubmissionAccount, SubmissionRights } from "./access";
import { computeNamespace, identityOf } from "./names";
import { ComputePolicy, ProjectPolicies } from "./policies";
import { ProjectPeople } from "./people";
import type { ProjectNamespacePlan, ProjectPlan } from "./plan";
import { OwnService } from "./services/own-service";
import { ClusterStack } from "./stacks/cluster-stack";
import { WebStack } from "./stacks/web-stack";
import { ProjectVolumes } from "./volumes";

type NamespaceOptions = Partial<
  Pick<ConstructorParameters<typeof LabNamespace>[2], "need" | "claimsGiB" | "keep">
>;

/** One project: its namespaces with their limits, people, storage, and stacks. */
export class ProjectChart extends Chart {
  /** Exceptions from the security profile and from probes, with the reasons. */
  readonly exceptions: readonly ListedException[];
  /** Of the stacks. */
  readonly labNamespace: LabNamespace;
  /** Of the pods that the project's programs start. */
  readonly computeNamespace: LabNamespace;

  constructor(
    scope: Construct,
    id: string,
    readonly plan: ProjectPlan,
  ) {
    super(scope, id);
    const stacksOf = new Construct(this, "Project");
    const computeOf = new Construct(this, "Compute");
    const volumes = new ProjectVolumes(stacksOf, "Volumes", plan);
    const stacks = plan.stacks.map((stack) =>
      stack.type === "web"
        ? new WebStack(stacksOf, stack.name, plan, stack, volumes)
        : new ClusterStack(stacksOf, stack.name, plan, stack, volumes),
    );
    for (const each of plan.services) new OwnService(stacksOf, `Service-${each.name}`, plan, each);
    new ProjectPolicies(stacksOf, "Policies", plan);
    new ProjectPeople(stacksOf, "People", plan, plan.namespace.name);
    new SubmissionAccount(stacksOf, "Account", plan);
    new ComputePolicy(computeOf, "Policy", plan);
    new ProjectPeople(computeOf, "People", plan, computeNamespace(plan.project));
    new SubmissionRights(computeOf, "Rights", plan);
    this.exceptions = stacks.flatMap(({ exceptions }) => exceptions);
    this.labNamespace = this.labNamespaceOf(stacksOf, plan.namespace, {
      need: stacks.map(({ need }) => need).reduce(addNeeds, NO_NEED),
      claimsGiB: volumes.sizes.map(gibibytes),
      keep: plan.storage.length > 0,
    });
    this.computeNamespace = this.labNamespaceOf(computeOf, plan.compute);
  }

  private labNamespaceOf(
    scope: Construct,
    plan: ProjectNamespacePlan,
    options: NamespaceOptions = {},
  ): LabNamespace {
    const { tenancy, cluster } = this.plan;
    const made = new LabNamespace(scope, "Namespace", {
      ...identityOf(this.plan, plan.name, "namespace"),
      tenancy,
      enforce: plan.level,
      version: cluster.version,
      limits: containerLimitsOf(plan.limits),
      quota: quotaOf(plan.limits),
      ...options,
    });
    made.comesFirstIn(scope);
    return made;
  }
}

export function projectsCharts(scope: App, plans: readonly ProjectPlan[]): void {
  for (const plan of plans) new ProjectChart(scope, `project-${plan.project}`, plan);
}
