/** What a user may do in the Kubernetes API: see, start and stop the own pod, and run pods of the own UID. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, uidRights } from "../../kit";
import { identityOf, nameOf } from "./names";
import type { PodUserPlan, UserPodsPlan } from "./plan";

const RBAC = "rbac.authorization.k8s.io";

/** A user with a name in the Kubernetes API. */
export type KnownUser = Pick<PodUserPlan, "uid" | "gid"> & { readonly kubernetesUser: string };

export class UserRights extends Construct {
  constructor(scope: Construct, id: string, plan: UserPodsPlan, user: KnownUser) {
    super(scope, id);
    const name = nameOf(user);
    const metadata = metadataOf(identityOf(plan, name, "rights"), plan.namespace);
    new k8s.KubeRole(this, "Role", { metadata, rules: [...rulesOf(name), ...usesOwn(user)] });
    new k8s.KubeRoleBinding(this, "RoleBinding", {
      metadata,
      roleRef: { apiGroup: RBAC, kind: "Role", name },
      subjects: [{ apiGroup: RBAC, kind: "User", name: user.kubernetesUser }],
    });
  }
}

function rulesOf(name: string): k8s.PolicyRule[] {
  const resourceNames = [name];
  return [
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"], resourceNames },
    {
      apiGroups: ["apps"],
      resources: ["deployments/scale"],
      verbs: ["get", "update", "patch"],
      resourceNames,
    },
    { apiGroups: [""], resources: ["services"], verbs: ["get"], resourceNames },
    // Why a pod does not come up. Rights cannot name pods that are not there yet: the namespace's can be seen.
    { apiGroups: [""], resources: ["pods", "events"], verbs: ["get", "list", "watch"] },
  ];
}

/** A user who may also make pods in the namespace can run them as nobody else. */
function usesOwn(user: KnownUser): k8s.PolicyRule[] {
  return uidRights(user).map(({ apiGroups, resources, resourceNames = [], verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    resourceNames: [...resourceNames],
    verbs: [...verbs],
  }));
}
