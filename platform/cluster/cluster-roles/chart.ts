/** Roles that parts need. They grant nothing until they are bound. */
import { Chart, type App } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import type { ClusterRoleDeclaration, ClusterRoleRule } from "../../../environment/parts/cluster-roles";
import { Naming } from "../../../kit";

export interface ClusterRolesChartProps {
  readonly environment: string;
  readonly roles: readonly ClusterRoleDeclaration[];
}

/** They are cluster-wide, so the cluster's owner creates them once for all environments. */
export class ClusterRolesChart extends Chart {
  constructor(scope: Construct, id: string, { environment, roles }: ClusterRolesChartProps) {
    super(scope, id);
    const names = new Naming("labstead", environment);
    for (const { name, rules } of roles)
      new k8s.KubeClusterRole(this, name, {
        metadata: names.metadata(name, "access"),
        rules: rules.map(policyRule),
      });
  }
}

export function clusterRolesCharts(scope: App, plan: ClusterRolesChartProps): void {
  new ClusterRolesChart(scope, "cluster-roles", plan);
}

function policyRule(rule: ClusterRoleRule): k8s.PolicyRule {
  if ("nonResourceUrls" in rule)
    return { nonResourceUrLs: [...rule.nonResourceUrls], verbs: [...rule.verbs] };
  const { apiGroups, resources, verbs } = rule;
  return { apiGroups: [...apiGroups], resources: [...resources], verbs: [...verbs] };
}
