/** What an environment must know of data that exists outside of the cluster. */
import type { Claim } from "../../environment/parts/claims";

/**
 * The exports of file servers among volumes: nodes mount them by their own NFS client.
 * @param at path of the volumes in the configuration, such as `apps.userPods.volumes`
 */
export function nfsMounts(
  volumes: Readonly<Record<string, { readonly kind: string }>>,
  at: string,
): readonly Claim[] {
  return Object.entries(volumes)
    .filter(([, { kind }]) => kind === "nfs")
    .map(([name]) => ({ path: `${at}.${name}` }));
}
