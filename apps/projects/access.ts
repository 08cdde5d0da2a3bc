/** The service account by which a project's programs start pods, and its rights. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { Account, metadataOf } from "../../kit";
import { DATALAB_ROLES } from "../datalab/cluster-roles";
import { computeNamespace, identityOf, submissionAccount } from "./names";
import type { ProjectPlan } from "./plan";

/** In the namespace of the stacks. A notebook gets its token only if its configuration says so. */
export class SubmissionAccount extends Construct {
  constructor(scope: Construct, id: string, plan: ProjectPlan) {
    super(scope, id);
    new Account(this, "Account", {
      ...identityOf(plan, submissionAccount(plan.project), "access"),
      namespace: plan.namespace.name,
    });
  }
}

/** Rights to start and stop pods in the other namespace, and nowhere else. */
export class SubmissionRights extends Construct {
  constructor(scope: Construct, id: string, plan: ProjectPlan) {
    super(scope, id);
    const name = submissionAccount(plan.project);
    new k8s.KubeRoleBinding(this, "RoleBinding", {
      metadata: metadataOf(identityOf(plan, name, "access"), computeNamespace(plan.project)),
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: DATALAB_ROLES.computeSubmission,
      },
      subjects: [{ kind: "ServiceAccount", name, namespace: plan.namespace.name }],
    });
  }
}
