/** People with access, ordered by name. */
import type { OwnerConfig } from "../config";
import { oidcPrincipal, personPrincipal } from "../people";
import type { PersonIdentity, PersonPlan } from "./types";

export function peoplePlan({ people, cluster }: OwnerConfig): readonly PersonPlan[] {
  return Object.entries(people)
    .map(([name, { ssh, kubernetes }]) => ({
      name,
      ...(ssh === undefined ? {} : { ssh }),
      kubernetes: {
        identity: identityOf(name, cluster.oidc === undefined ? undefined : kubernetes.user),
        ...(kubernetes.everywhere === undefined ? {} : { everywhere: kubernetes.everywhere }),
        namespaces: kubernetes.namespaces,
      },
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The checks ensure that each person with rights has a name if there is an identity provider. */
function identityOf(name: string, claim: string | undefined): PersonIdentity {
  return claim === undefined
    ? { kind: "certificate", principal: personPrincipal(name) }
    : { kind: "oidc", principal: oidcPrincipal(claim) };
}

/** A person without rights has no access to the cluster, whatever the identity. */
export function hasRights({ kubernetes }: PersonPlan): boolean {
  return kubernetes.everywhere !== undefined || Object.keys(kubernetes.namespaces).length > 0;
}
