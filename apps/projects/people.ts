/** People of a project: groups of the identity provider, with Kubernetes' own roles in one namespace. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf } from "../../kit";
import { identityOf } from "./names";
import type { ProjectPlan } from "./plan";

const API_GROUP = "rbac.authorization.k8s.io";

/** A binding of each role: its name stays when groups come and go. */
export class ProjectPeople extends Construct {
  constructor(scope: Construct, id: string, plan: ProjectPlan, namespace: string) {
    super(scope, id);
    const roles = [...new Set(plan.groups.map(({ role }) => role))].sort();
    for (const role of roles)
      new k8s.KubeRoleBinding(this, role, {
        metadata: metadataOf(identityOf(plan, `project-${role}`, "people"), namespace),
        roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name: role },
        subjects: plan.groups
          .filter((group) => group.role === role)
          .map(({ principal }) => ({ apiGroup: API_GROUP, kind: "Group", name: principal })),
      });
  }
}
