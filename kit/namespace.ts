/** A namespace of a component of the cluster. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, type Identity } from "./names";
import { commonLevel, podSecurityLabels, type PodSecurityLevel } from "./security";

/** The namespace of a component of the cluster. */
export interface ComponentNamespaceProps extends Identity {
  /** The Pod Security level that the API server enforces on its pods. @default restricted */
  readonly enforce?: PodSecurityLevel;
}

/** The properties of a workload that its namespace needs. */
export interface Admitted {
  readonly name: string;
  readonly namespace: string;
  readonly securityLevel: PodSecurityLevel;
}

/** A Namespace that enforces a Pod Security level, without quota or policies. */
export class ComponentNamespace extends Construct {
  readonly name: string;
  readonly enforce: PodSecurityLevel;

  constructor(
    scope: Construct,
    id: string,
    { enforce = "restricted", ...identity }: ComponentNamespaceProps,
  ) {
    super(scope, id);
    this.name = identity.name;
    this.enforce = enforce;
    const { name, labels } = metadataOf(identity);
    new k8s.KubeNamespace(this, "Namespace", {
      metadata: { name, labels: { ...labels, ...podSecurityLabels(enforce) } },
    });
  }

  /**
   * Declares the workloads of the namespace.
   * @throws Error if the API server would refuse a workload's pods, or if no workload needs a level so permissive
   */
  admit(...workloads: readonly Admitted[]): void {
    for (const workload of workloads) {
      if (workload.namespace !== this.name) {
        throw new Error(`${workload.name} is in the namespace ${workload.namespace}, not in ${this.name}`);
      }
    }
    const needed = commonLevel(workloads.map(({ securityLevel }) => securityLevel));
    if (needed === this.enforce) return;
    const names = workloads.map(({ name }) => name).join(", ");
    throw new Error(
      `namespace ${this.name} enforces "${this.enforce}", and what is in it (${names}) needs "${needed}"; enforce that`,
    );
  }
}
