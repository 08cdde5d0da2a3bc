/** A node of the cluster, and what still runs or is attached there. */
import { isNotFound, type Ask } from "../../provider/kubernetes-api/http-api";
import { fieldOf, json, listOf, textOf } from "../../provider/kubernetes-api/json-fields";
import type { ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { isReady, movable } from "../../provider/kubernetes-api/node-objects";
import { PersistentAsk, type Patience } from "../../provider/kubernetes-api/persistent-ask";
import { accepted } from "../../provider/kubernetes-api/refusal";

/**
 * For a node whose machine is off for certain: Kubernetes deletes its pods without an answer of the kubelet, and detaches
 * their volumes. Source: Kubernetes' documentation, "Non-graceful node shutdown handling", stable since 1.28.
 */
export const OUT_OF_SERVICE = {
  key: "node.kubernetes.io/out-of-service",
  value: "nodeshutdown",
  effect: "NoExecute",
} as const;

const CONNECTIONS = 2;
/** Attempts when somebody else changes the node at the same time. */
const ATTEMPTS = 5;

export interface NodeState {
  readonly ready: boolean;
  readonly outOfService: boolean;
}

/** Names of what has to go before it can start elsewhere: `namespace/pod`, and volumes. */
export interface Remaining {
  readonly pods: readonly string[];
  readonly volumes: readonly string[];
}

/** One node, as its fencing needs it. */
export interface FencedNode {
  /** Undefined if the cluster has none of the name. */
  state(signal: AbortSignal): Promise<NodeState | undefined>;
  setOutOfService(outOfService: boolean, signal: AbortSignal): Promise<void>;
  remaining(signal: AbortSignal): Promise<Remaining>;
}

/** @param name of the Node object */
export function nodeOf(access: ClusterAccess, name: string, patience?: Patience): FencedNode {
  const requests = new PersistentAsk(access, CONNECTIONS, patience);
  const path = `/api/v1/nodes/${encodeURIComponent(name)}`;
  const get = async (at: string, signal: AbortSignal): Promise<unknown> =>
    json(accepted(await requests.ask({ method: "GET", path: at }, signal)).body);
  const find = async (signal: AbortSignal): Promise<unknown> => {
    const answer = await requests.ask({ method: "GET", path }, signal);
    return isNotFound(answer) ? undefined : json(accepted(answer).body);
  };
  return {
    state: async (signal) => {
      const node = await find(signal);
      return node === undefined
        ? undefined
        : { ready: isReady(node), outOfService: taintsOf(node).some(isOurs) };
    },
    setOutOfService: async (outOfService, signal) => {
      for (let attempt = 1; ; attempt++) {
        const answer = await requests.ask(changed(await find(signal), path, outOfService), signal);
        if (answer.status !== 409 || attempt === ATTEMPTS) {
          accepted(answer);
          return;
        }
      }
    },
    remaining: async (signal) => {
      const selector = encodeURIComponent(`spec.nodeName=${name}`);
      const pods = itemsOf(await get(`/api/v1/pods?fieldSelector=${selector}`, signal));
      const attached = itemsOf(await get("/apis/storage.k8s.io/v1/volumeattachments", signal));
      return {
        pods: pods.flatMap(movable).map(({ namespace, name: pod }) => `${namespace}/${pod}`),
        volumes: attached
          .filter((each) => textOf(fieldOf(each, "spec"), "nodeName") === name)
          .map((each) => textOf(fieldOf(fieldOf(each, "spec"), "source"), "persistentVolumeName")),
      };
    },
  };
}

/** Refused by the server if somebody else has changed the node since it was read. */
function changed(node: unknown, path: string, outOfService: boolean): Ask {
  const others = taintsOf(node).filter((taint) => !isOurs(taint));
  const resourceVersion = textOf(fieldOf(node, "metadata"), "resourceVersion");
  return {
    method: "PATCH",
    path,
    body: {
      metadata: { resourceVersion },
      spec: { taints: [...others, ...(outOfService ? [OUT_OF_SERVICE] : [])] },
    },
    contentType: "application/merge-patch+json",
  };
}

function taintsOf(node: unknown): readonly object[] {
  return listOf(fieldOf(fieldOf(node, "spec"), "taints")) as readonly object[];
}

function isOurs(taint: object): boolean {
  return textOf(taint, "key") === OUT_OF_SERVICE.key;
}

function itemsOf(list: unknown): readonly unknown[] {
  return listOf(fieldOf(list, "items"));
}
