/** Common properties of all kinds of workload. */
import { Pods } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { selectorOf } from "./names";
import { listExceptions, securityExceptions, type AnyPod, type ListedException } from "./pod-spec";
import { securityLevel, type PodSecurityLevel } from "./security";

export abstract class LabWorkload extends Construct {
  /** The pods, as arguments of Services and NetworkPolicies. */
  readonly pods: Pods;
  readonly namespace: string;
  readonly name: string;
  readonly exceptions: readonly ListedException[];
  /** Strictest Pod Security level that admits the pods. */
  readonly securityLevel: PodSecurityLevel;

  constructor(scope: Construct, id: string, props: AnyPod) {
    super(scope, id);
    this.name = props.name;
    this.namespace = props.namespace;
    this.pods = Pods.select(this, "Pods", { labels: { ...selectorOf(props) } });
    this.exceptions = listExceptions(props);
    this.securityLevel = securityLevel(securityExceptions(props));
  }
}
