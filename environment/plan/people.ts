/** Who comes in, in the order of their names. */
import type { OwnerConfig } from "../config";
import type { PersonPlan } from "./types";

export function peoplePlan({ people }: OwnerConfig): readonly PersonPlan[] {
  return Object.entries(people)
    .map(([name, { ssh, kubernetes }]) => ({
      name,
      ...(ssh === undefined ? {} : { ssh }),
      kubernetes: {
        ...(kubernetes.everywhere === undefined ? {} : { everywhere: kubernetes.everywhere }),
        namespaces: kubernetes.namespaces,
      },
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
