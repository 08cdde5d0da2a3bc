/** Namespaces of projects, as the infrastructure API names them. */
import type { DatalabConfig } from "./configuration";

/** Level that the namespaces of projects enforce: notebooks run as root, but isolated from their node. */
export const PROJECT_LEVEL = "baseline" as const;

/** Of one project: for its stacks, and for its computations. */
export function projectNamespaces(key: string): readonly string[] {
  return [key, `${key}-compute`];
}

/** Namespaces that the environment creates, with the project's key. */
export function madeNamespaces({
  projects,
}: Pick<DatalabConfig, "projects">): readonly { readonly key: string; readonly name: string }[] {
  return Object.entries(projects)
    .filter(([, { namespaces }]) => namespaces === "made")
    .flatMap(([key]) => projectNamespaces(key).map((name) => ({ key, name })));
}
