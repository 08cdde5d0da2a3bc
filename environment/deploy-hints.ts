/**
 * What a chart says about the deployment of an object, for charts that do not know how they are deployed.
 * It stands on the construct as metadata, never as an annotation, so it does not reach the cluster.
 */
import { ApiObject } from "cdk8s";
import type { IConstruct } from "constructs";

/** Under which the deploying side finds the hints. */
export const DEPLOY_HINTS = "labstead:deploy:ObjectOptions";

export interface DeployHints {
  /** Whether a deletion or replacement is refused until this is taken back. @default false */
  readonly protect?: boolean;
  /** Whether the live object stays when it leaves the program. @default false */
  readonly retainOnDelete?: boolean;
  /** Fields that are set at creation and then belong to somebody else, such as `spec.replicas`. @default none */
  readonly initialOnly?: readonly string[];
}

/**
 * Sets hints on the object that a construct stands for.
 * @example deployHints(claim, { protect: true, retainOnDelete: true })
 */
export function deployHints(construct: IConstruct, hints: DeployHints): void {
  ApiObject.of(construct).node.addMetadata(DEPLOY_HINTS, hints);
}
