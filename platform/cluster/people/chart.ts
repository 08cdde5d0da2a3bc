/**
 * What people may do in the cluster: Kubernetes' own roles, bound to each person's name in the certificate or from the
 * identity provider. A certificate cannot be revoked, so it contains a name and no rights: the certificate of a person
 * who is removed from the list grants nothing.
 */
import { Chart, type App } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { PersonPlan } from "../../../environment/plan/types";
import { Naming, type ObjectMetadata } from "../../../kit";

export interface PeopleChartProps {
  readonly environment: string;
  readonly people: readonly PersonPlan[];
}

const API_GROUP = "rbac.authorization.k8s.io";

/** Role bindings of the people of an environment. */
export class PeopleChart extends Chart {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: PeopleChartProps,
  ) {
    super(scope, id);
    for (const person of props.people) this.rights(new Construct(this, person.name), person);
  }

  private rights(scope: Construct, person: PersonPlan): void {
    const { everywhere, namespaces } = person.kubernetes;
    if (everywhere !== undefined)
      new k8s.KubeClusterRoleBinding(scope, "Everywhere", {
        metadata: this.metadata(person),
        ...binding(person, everywhere),
      });
    for (const [namespace, role] of Object.entries(namespaces))
      new k8s.KubeRoleBinding(scope, namespace, {
        metadata: { ...this.metadata(person), namespace },
        ...binding(person, role),
      });
  }

  private metadata({ name }: PersonPlan): ObjectMetadata {
    const { environment } = this.props;
    return new Naming("labstead", environment).metadata(`labstead-person-${name}`, "people");
  }
}

/** A binding's role cannot change; the provider replaces the binding under the same name. */
function binding(
  { kubernetes }: PersonPlan,
  role: string,
): Pick<k8s.KubeRoleBindingProps, "roleRef" | "subjects"> {
  return {
    roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: API_GROUP, kind: "User", name: kubernetes.identity.principal }],
  };
}

export function peopleCharts(scope: App, plan: PeopleChartProps): void {
  new PeopleChart(scope, "people", plan);
}
