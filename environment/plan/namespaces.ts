/** What each namespace of an environment may use. */
import { DEFAULT_NAMESPACE_LIMITS } from "../schema/namespaces";
import type { EnvironmentPlan, NamespaceLimitsPlan } from "./types";

export { DEFAULT_NAMESPACE_LIMITS };

/** Of one namespace, whether the configuration mentions it or not. */
export function namespaceLimitsOf(
  namespaces: EnvironmentPlan["namespaces"],
  name: string,
): NamespaceLimitsPlan {
  return namespaces[name] ?? DEFAULT_NAMESPACE_LIMITS;
}
