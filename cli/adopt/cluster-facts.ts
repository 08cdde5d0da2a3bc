/** What an existing cluster offers, read from its API server by GET requests alone. */
import { ApiRefusal } from "../../provider/apply-set/objects";
import { CONNECTIONS } from "../../provider/kubernetes-api/http-objects";
import { fieldOf, json, listOf, textOf } from "../../provider/kubernetes-api/json-fields";
import type { ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { PersistentAsk, type Patience } from "../../provider/kubernetes-api/persistent-ask";
import { refusalOf } from "../../provider/kubernetes-api/refusal";

/** Lists that are read, by path. */
const LISTS = {
  nodes: "/api/v1/nodes",
  namespaces: "/api/v1/namespaces",
  deployments: "/apis/apps/v1/deployments",
  daemonSets: "/apis/apps/v1/daemonsets",
  statefulSets: "/apis/apps/v1/statefulsets",
  storageClasses: "/apis/storage.k8s.io/v1/storageclasses",
  ingressClasses: "/apis/networking.k8s.io/v1/ingressclasses",
  serviceCidrs: "/apis/networking.k8s.io/v1/servicecidrs",
} as const;
type ListName = keyof typeof LISTS;

/** Objects as the API server has them. */
export type ClusterObject = Readonly<Record<string, unknown>>;

export interface ClusterFacts extends Readonly<Record<ListName, readonly ClusterObject[]>> {
  /** `1.36` */
  readonly version: string;
  /** Lists that the user may not read, or that the server does not have, with its words. */
  readonly refused: readonly { readonly what: string; readonly why: string }[];
}

/** As of `labstead drift`, milliseconds: a cluster that does not answer is given up soon. */
const PATIENCE: Patience = { oneRequest: 30_000, altogether: 15_000, firstPause: 200, longestPause: 5_000 };

/** @throws NoAnswer if the server does not answer; ApiRefusal if it does not know the user */
export async function readCluster(access: ClusterAccess, signal: AbortSignal): Promise<ClusterFacts> {
  const requests = new PersistentAsk(access, CONNECTIONS, PATIENCE);
  const get = async (path: string): Promise<unknown> => {
    const answer = await requests.ask({ method: "GET", path }, signal);
    if (answer.status !== 200) throw refusalOf(answer);
    return json(answer.body);
  };
  const version = await get("/version");
  const refused: { what: string; why: string }[] = [];
  const read = async (name: ListName): Promise<readonly [ListName, readonly ClusterObject[]]> => {
    try {
      return [name, listOf(fieldOf(await get(LISTS[name]), "items")) as readonly ClusterObject[]];
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      refused.push({ what: name, why: error.message });
      return [name, []];
    }
  };
  const lists = await Promise.all((Object.keys(LISTS) as ListName[]).map(read));
  return {
    ...(Object.fromEntries(lists) as Readonly<Record<ListName, readonly ClusterObject[]>>),
    version: minorOf(version),
    refused,
  };
}

/** A cloud's minor may end in `+`. */
function minorOf(version: unknown): string {
  return `${textOf(version, "major")}.${textOf(version, "minor").replaceAll(/\D/g, "")}`;
}
