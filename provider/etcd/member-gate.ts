/** What the gate of a server does for etcd, for a node that may be a control plane. */
import type { LongRequest } from "../../provider-protocol";
import { stackOf } from "../urn";
import type { Etcd } from "./etcd";
import { ETCD_PACE, MemberReplacement } from "./member-replacement";
import type { EtcdPace } from "./member-replacement";
import type { Membership } from "./membership";
import { othersText, SKIP_ETCD, unknownText } from "./messages";
import type { About } from "./messages";

/** The part that differs between a real and the built-in cloud. */
export type EtcdAccess =
  | { readonly kind: "asked"; readonly etcd: Etcd; readonly pace?: EtcdPace }
  /** There are no machines. */
  | { readonly kind: "none"; readonly because: string };

/** Whether a drained node still belonged to the deleted server. */
export type NodeOwner = "own" | "of another server";

export interface MemberGate {
  /**
   * Drains a node, and removes a control plane's member from etcd; control planes of a cluster are removed one by one.
   */
  leave(
    node: { readonly node: string; readonly cluster: string },
    request: LongRequest,
    drainNode: () => Promise<NodeOwner>,
  ): Promise<void>;
  /** Returns when a control plane's member answers; at once for every other node. */
  waitUntilBack(node: string, request: LongRequest, seconds: number): Promise<void>;
}

/** Gates of control planes, which identify them in a run without EtcdMembers. */
const GATE = "ready/controlPlane/";

/** @param skip names of nodes that are deleted without querying etcd, as the user set it for this run */
export function etcdMemberGate(
  membership: Membership,
  access: EtcdAccess,
  skip: readonly string[] = [],
): MemberGate {
  const isControlPlane = (node: string, { name }: LongRequest): boolean =>
    name.startsWith(GATE) || membership.knows(node);

  /** Why etcd is not queried about a node. */
  function skipReason(
    about: About,
  ): { readonly severity: "info" | "warning"; readonly text: string } | undefined {
    if (access.kind === "none")
      return { severity: "info", text: `etcd is not asked about ${about.node} (${access.because})` };
    if (skip.includes(about.node))
      return {
        severity: "warning",
        text: `etcd member ${about.node} is not taken out: ${SKIP_ETCD} names it`,
      };
    if (membership.now?.formedBy === "others") return { severity: "warning", text: othersText(about) };
    return undefined;
  }

  async function removeMember(
    node: string,
    cluster: string,
    request: LongRequest,
    drainNode: () => Promise<NodeOwner>,
  ): Promise<void> {
    const about = { node, cluster, stack: stackOf(request.urn) };
    const skipped = skipReason(about);
    if (access.kind === "none" || skipped !== undefined) {
      if (skipped !== undefined) request.log(skipped.severity, skipped.text);
      await drainNode();
      return;
    }
    if (membership.now === undefined) throw new Error(unknownText(about));
    const replacement = new MemberReplacement(
      node,
      membership,
      access.etcd,
      request,
      access.pace ?? ETCD_PACE,
    );
    await replacement.waitUntilRemovable();
    if ((await drainNode()) === "own") await replacement.remove();
  }

  return {
    async leave({ node, cluster }, request, drainNode) {
      if (isControlPlane(node, request))
        await membership.turn(cluster, node, () => removeMember(node, cluster, request, drainNode));
      else await drainNode();
    },
    async waitUntilBack(node, request, seconds) {
      const { now } = membership;
      if (access.kind === "none" || now?.formedBy !== "servers" || !membership.knows(node)) return;
      await new MemberReplacement(
        node,
        membership,
        access.etcd,
        request,
        access.pace ?? ETCD_PACE,
      ).waitUntilBack(seconds);
    },
  };
}
