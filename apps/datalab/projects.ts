/**
 * Namespaces of projects, with the infrastructure API's rights in them. The API looks for two namespaces of each
 * project, which are created here, so it needs no rights in others. Containers of users' stacks get limits there.
 */
import { Construct } from "constructs";
import { namespaceLimitsOf } from "../../environment/plan/namespaces";
import { ContainerDefaults } from "../namespace/container-defaults";
import { createNamespace } from "../namespace/create-namespace";
import { containerLimitsOf, quotaOf } from "../namespace/quota";
import type { InfrastructureAccess } from "./access";
import { identityOf } from "./identity";
import { PROJECT_LEVEL, projectNamespaces } from "./project-names";
import type { DatalabProps } from "./props";

/** Label by which the infrastructure API recognizes its own namespaces; it refuses projects in others. */
const MANAGED_BY = "datalabs";

export class ProjectNamespaces extends Construct {
  constructor(scope: Construct, id: string, props: DatalabProps, access: InfrastructureAccess) {
    super(scope, id);
    for (const [key, { namespaces }] of Object.entries(props.projects))
      for (const name of projectNamespaces(key)) {
        const place = new Construct(this, name);
        const binding = access.bindIn(place, name);
        if (namespaces === "existing") continue;
        const ready = createNamespace(place, {
          ...identityOf(props, name, "project"),
          tenancy: props.tenancy,
          enforce: PROJECT_LEVEL,
          version: props.cluster.version,
          labels: { name, managedBy: MANAGED_BY },
          keep: true,
        });
        const limits = namespaceLimitsOf(props.namespaces, name);
        const defaults = new ContainerDefaults(place, "ContainerDefaults", {
          ...identityOf(props, name, "project"),
          namespace: name,
          limits: containerLimitsOf(limits),
          largestClaimGiB: quotaOf(limits).largestClaimGiB,
        });
        if (ready === undefined) continue;
        for (const each of [binding, defaults]) each.node.addDependency(ready);
      }
  }
}
