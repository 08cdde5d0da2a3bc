/** Clients of an NFS server: those that its firewall admits, so that the two are consistent. */
import { rangeCidrs } from "../../environment/addresses";
import { isNonEmpty, type NonEmpty } from "../../environment/non-empty";
import type { EnvironmentPlan, ServerPlan } from "../../environment/plan/types";

/** Port of NFSv4. */
export const NFS_PORT = 2049;

/**
 * As networks, the format of NFS servers. Pods are not included, even if the firewall admits their addresses: kubelets
 * and drivers mount from the addresses of nodes.
 * @throws Error if the plan admits none, which an NFS server would interpret as everyone: a bug in the program
 */
export function nfsClients(
  { key }: ServerPlan,
  { hostFirewalls, cluster }: EnvironmentPlan,
): NonEmpty<string> {
  const accepted = hostFirewalls.filter(({ server }) => server === key).flatMap(({ accept }) => accept);
  const from = accepted
    .filter(({ portMin, portMax }) => portMin === NFS_PORT && portMax === NFS_PORT)
    .flatMap((rule) => rule.from)
    .filter((source) => source !== cluster.podCidr);
  const clients = [...new Set(from)].flatMap((source) => {
    const [start = "", end] = source.split("-");
    return end === undefined ? [source] : rangeCidrs({ start, end });
  });
  if (!isNonEmpty(clients)) throw new Error(`internal error: no client of the NFS server ${key} is planned`);
  return clients;
}
