/** Scheduling priority of pods. */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, type Identity } from "./names";
import { checkWhole } from "./numbers";

/** Priority of pods when nodes have no room for all. */
export interface PriorityClassProps extends Identity {
  /** Pods with a higher value are scheduled first, -1000000000 to 1000000000; those without a class have 0. */
  readonly value: number;
  /** What the class is for; shown by `kubectl describe priorityclass`. */
  readonly description: string;
  /** Whether its pods preempt pods with a lower value on full nodes. @default true */
  readonly preempts?: boolean;
}

/**
 * A PriorityClass, which is cluster-scoped; pods refer to it by `priorityClass`.
 * @throws Error on a name or a value that Kubernetes reserves for itself
 */
export class PriorityClass extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: PriorityClassProps) {
    super(scope, id);
    const { value, description, preempts = true } = props;
    this.name = props.name;
    if (this.name.startsWith("system-"))
      throw new Error(
        `${this.name}: names that start with system- are reserved by Kubernetes; choose another name`,
      );
    checkWhole(this.name, "value", value, -HIGHEST, HIGHEST);
    new k8s.KubePriorityClass(this, "PriorityClass", {
      metadata: metadataOf(props),
      value,
      description,
      preemptionPolicy: preempts ? "PreemptLowerPriority" : "Never",
    });
  }
}

/** Higher values are reserved for Kubernetes' own classes. */
const HIGHEST = 1_000_000_000;
