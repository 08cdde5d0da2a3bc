/** Names of projects and of their stacks: those of DataLabs, so that people's knowledge of it still applies. */
import type { Identity, Labels } from "../../kit/names";
import type { StackKind } from "./stacks/kinds";

/** Namespace of the pods that a project's programs start. Its stacks are in the namespace of the project's own name. */
export function computeNamespace(project: string): string {
  return `${project}-compute`;
}

/** Service account of the notebooks that start such pods. */
export function submissionAccount(project: string): string {
  return `${project}-compute-submission-account`;
}

/** Pods, Service, route and Secret of a stack. */
export function stackName(kind: StackKind, name: string): string {
  return `${kind}-${name}`;
}

export function claimName(storage: string): string {
  return `${storage}-claim`;
}

/** Claim of data that an administrator has made a volume of. */
export function assetClaim(asset: string): string {
  return `${asset}-assets`;
}

/** Host of a stack that has one of its own. */
export function stackHost(project: string, name: string, domain: string): string {
  return `${project}-${name}.${domain}`;
}

/** Path of a stack on the host that such stacks share. */
export function stackPath(project: string, name: string): string {
  return `/resource/${project}/${name}`;
}

/** Folder of a notebook in its storage. */
export function notebookFolder(name: string): string {
  return `notebooks/${name}`;
}

/** Label of all pods of stacks: its value is the kind of the stack. */
export const STACK_LABEL = "user-pod";

/** Label of the pods whose programs may start other pods. */
export const SUBMITS_LABEL = "labstead.dev/submits-pods";

export function stackLabels(kind: StackKind): Labels {
  return { [STACK_LABEL]: kind };
}

/** Objects of one project. */
export interface Owner {
  readonly environment: string;
  /** The project's key. */
  readonly project: string;
}

export function identityOf({ environment, project }: Owner, name: string, component: string): Identity {
  return { name, partOf: `project-${project}`, component, environment };
}
