/**
 * What a Kubernetes cluster makes in its project by itself: load balancers of its Services, with their floating IPs, and
 * volumes of its claims. Each carries the cluster's name, as OpenStack's cloud controller manager and Cinder's CSI driver
 * write it.
 */
import type { PlainMap } from "../provider-protocol";
import { inner, maps, text } from "../provider-protocol/plain";
import { changing } from "./resources/octavia-changes";
import { orGone } from "./service-error";
import type { Session } from "./session";
import { until, whenFree } from "./wait";

export type MadeKind = "loadBalancer" | "floatingIp" | "volume";

/** One of them. */
export interface MadeByCluster {
  readonly kind: MadeKind;
  readonly id: string;
  /** As OpenStack lists it: a name, or the address of a floating IP. */
  readonly name: string;
}

/** In the order in which they can be removed: a floating IP is on the port of its load balancer. */
const KINDS = ["floatingIp", "loadBalancer", "volume"] as const satisfies readonly MadeKind[];

/** Everything that a cluster has made and that is still there, in the order in which it can be removed. */
export async function madeByCluster(session: Session, cluster: string): Promise<readonly MadeByCluster[]> {
  const found: MadeByCluster[] = [];
  for (const kind of KINDS) found.push(...(await LISTS[kind](session, cluster)));
  return found;
}

/** Removes one; one that is gone is a success. @throws Error if the service refuses it, or time is out */
export async function removeMade(
  session: Session,
  { kind, id }: MadeByCluster,
  signal: AbortSignal,
): Promise<void> {
  await REMOVALS[kind](session, id, signal);
}

type List = (session: Session, cluster: string) => Promise<readonly MadeByCluster[]>;

const LISTS: Readonly<Record<MadeKind, List>> = {
  loadBalancer: async (session, cluster) => {
    // A cloud without Octavia has none.
    if (!(await session.has("loadBalancer"))) return [];
    const all = await session.list("loadBalancer", "loadbalancers", "/loadbalancers?fields=id&fields=name");
    return made("loadBalancer", all, cluster, "name");
  },
  floatingIp: async (session, cluster) => {
    const all = await session.list("network", "floatingips", "/floatingips");
    return made("floatingIp", all, cluster, "floating_ip_address");
  },
  volume: async (session, cluster) => {
    const all = await session.list("volume", "volumes", "/volumes/detail");
    return made("volume", all, cluster, "name");
  },
};

function made(
  kind: MadeKind,
  listed: readonly PlainMap[],
  cluster: string,
  name: string,
): readonly MadeByCluster[] {
  return listed
    .filter((each) => isMadeByCluster(kind, each, cluster))
    .map((each) => ({ kind, id: text(each, "id"), name: text(each, name) }));
}

const VOLUME_MARK = "cinder.csi.openstack.org/cluster";

/** Whether a thing, as its service lists it, has the mark of a cluster. @param cluster its name. @default any cluster */
export function isMadeByCluster(kind: MadeKind, thing: PlainMap, cluster?: string): boolean {
  switch (kind) {
    case "loadBalancer":
      return text(thing, "name").startsWith(`kube_service_${cluster === undefined ? "" : `${cluster}_`}`);
    case "floatingIp": {
      const description = text(thing, "description");
      return (
        description.startsWith("Floating IP for Kubernetes external service ") &&
        (cluster === undefined || description.endsWith(` from cluster ${cluster}`))
      );
    }
    case "volume": {
      const metadata = inner(thing, "metadata");
      return cluster === undefined ? VOLUME_MARK in metadata : metadata[VOLUME_MARK] === cluster;
    }
  }
}

type Removal = (session: Session, id: string, signal: AbortSignal) => Promise<void>;

const REMOVALS: Readonly<Record<MadeKind, Removal>> = {
  loadBalancer: async (session, id, signal) => {
    await changing(session, id, { method: "DELETE", path: `/loadbalancers/${id}?cascade=true`, signal });
    await until(`load balancer ${id} to go`, signal, async () => {
      const left = await orGone(
        session.one("loadBalancer", "loadbalancer", { path: `/loadbalancers/${id}` }),
      );
      const status = text(left, "provisioning_status");
      if (status === "ERROR") throw new Error(`load balancer ${id} cannot be deleted`);
      return left === undefined || status === "DELETED" ? true : undefined;
    });
  },
  floatingIp: async (session, id, signal) => {
    await orGone(session.call("network", { method: "DELETE", path: `/floatingips/${id}`, signal }));
  },
  volume: removeVolume,
};

/** With its snapshots, after it is detached from the servers that have it. */
async function removeVolume(session: Session, id: string, signal: AbortSignal): Promise<void> {
  const volume = (): Promise<PlainMap | undefined> =>
    orGone(session.one("volume", "volume", { path: `/volumes/${id}`, signal }));
  const found = await volume();
  for (const attachment of found === undefined ? [] : maps(found, "attachments")) {
    const path = `/servers/${text(attachment, "server_id")}/os-volume_attachments/${id}`;
    await orGone(session.call("compute", { method: "DELETE", path, signal }));
  }
  const remove = () =>
    orGone(session.call("volume", { method: "DELETE", path: `/volumes/${id}?cascade=true`, signal }));
  // While it is being detached it is refused with 400.
  await whenFree(`volume ${id} to be free`, signal, remove, [400, 409]);
  await until(`volume ${id} to go`, signal, async () => {
    const left = await volume();
    if (text(left, "status") === "error_deleting") throw new Error(`volume ${id} cannot be deleted`);
    return left === undefined ? true : undefined;
  });
}
