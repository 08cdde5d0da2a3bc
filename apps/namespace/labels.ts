/** Labels of a lab's namespace, apart from what makes it: somebody who has made it already gives it the same. */
import { labelsOf, RULES_LABEL, type Identity, type Labels } from "../../kit/names";
import { podSecurityLabels, type PodSecurityLevel } from "../../kit/security";

/** What the labels of a namespace follow from. */
export interface NamespaceLabelsProps extends Identity {
  /** Whether the rules of the environment apply to it: those of a tenant apply by the namespace's name. */
  readonly rules: boolean;
  readonly enforce: PodSecurityLevel;
  /** Minor version of the cluster, whose definition of the levels holds. @default the API server's own */
  readonly version?: string;
}

/** Its identity, the rules of the cluster, and its level of Pod Security. */
export function namespaceLabels({ rules, enforce, version, ...identity }: NamespaceLabelsProps): Labels {
  return {
    ...labelsOf(identity),
    ...(rules ? { [RULES_LABEL]: identity.environment } : {}),
    ...podSecurityLabels(enforce, version),
  };
}
