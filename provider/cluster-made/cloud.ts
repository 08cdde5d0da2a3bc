/** What a cluster has made in its project, as a cloud lists it: the part that differs between a real and the built-in one. */
import { loginOf } from "../../openstack-api/clouds";
import type { CloudChoice } from "../../openstack-api/clouds";
import { madeByCluster, removeMade } from "../../openstack-api/cluster-made";
import type { MadeByCluster } from "../../openstack-api/cluster-made";
import { Session } from "../../openstack-api/session";

export interface ClusterCloud {
  /** Everything of a cluster, in the order in which it can be removed. */
  find(cluster: string): Promise<readonly MadeByCluster[]>;
  /** Removes one; one that is gone is a success. */
  remove(made: MadeByCluster, signal: AbortSignal): Promise<void>;
}

/** A real cloud. It logs in when it is asked, as the OpenStack plugin does. */
export function realCloud(choice: CloudChoice = {}): ClusterCloud {
  let session: Session | undefined;
  const opened = (): Session => (session ??= new Session(loginOf(choice)));
  return {
    find: async (cluster) => madeByCluster(opened(), cluster),
    remove: async (made, signal) => removeMade(opened(), made, signal),
  };
}

/** A cloud in which no cluster runs controllers. */
export const NOTHING_MADE: ClusterCloud = {
  find: () => Promise.resolve([]),
  remove: () => Promise.resolve(),
};
