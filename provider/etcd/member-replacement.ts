/**
 * Removes a control plane's member from etcd before its server is deleted, and keeps the majority meanwhile; waits for
 * it when the server has been recreated.
 */
import { setTimeout as pause } from "node:timers/promises";

import type { LongRequest } from "../../provider-protocol";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";
import { stackOf } from "../urn";
import type { Etcd, EtcdTarget, Member, MembersObservation } from "./etcd";
import type { ControlPlane } from "./inputs";
import type { Departure, Membership } from "./membership";
import { notBackText, notRemovedText, onlyOneText, unreachableText, wouldStopText } from "./messages";
import type { About } from "./messages";
import { without } from "./quorum";

/** Checks before anything is final, however long each of them takes. */
const LOOKS = 3;

/** Milliseconds between two checks, for one check, and until an unmet condition is final. */
export interface EtcdPace {
  readonly betweenLooks: number;
  readonly oneLook: number;
  readonly patience: number;
}

/** A member that has just started counts for etcd after five seconds; an election takes as long. */
export const ETCD_PACE: EtcdPace = { betweenLooks: 2_000, oneLook: 60_000, patience: 90_000 };

/** The members at one moment, and which control plane answered. */
interface Seen {
  readonly members: readonly Member[];
  readonly mounted: boolean;
  readonly from: ControlPlane;
}

export class MemberReplacement {
  readonly #departure: Departure;

  /** @param node of the control plane whose server is deleted or was created */
  constructor(
    private readonly node: string,
    private readonly membership: Membership,
    private readonly etcd: Etcd,
    private readonly request: LongRequest,
    private readonly pace: EtcdPace,
  ) {
    this.#departure = membership.departure(node);
  }

  /**
   * Returns when the cluster can run without the member; does not change it yet.
   * @throws with what prevents it, and what to do
   */
  async waitUntilRemovable(): Promise<void> {
    await this.patiently(async () => {
      const { seen, last } = await this.look();
      if (seen === undefined) return unreachableText(this.about, last);
      const own = this.memberOf(this.node, seen.members);
      const objection = own === undefined ? undefined : this.objection(own, seen);
      // Unhealthy members that also leave are removed first: they only raise the majority.
      if (objection !== undefined)
        for (const each of this.unhealthyLeavers(seen)) await this.removed(each, () => undefined);
      return objection;
    });
  }

  /** Removes a member that does not return. @throws as {@link waitUntilRemovable} */
  async remove(): Promise<void> {
    if (this.#departure.kind === "returns") await this.waitUntilRemovable();
    else await this.removed(this.node, (own, seen) => this.objection(own, seen));
  }

  /** Waits until the member exists, has a vote and answers. @throws with what is missing */
  async waitUntilBack(seconds: number): Promise<void> {
    await this.patiently(async () => {
      const { seen, last } = await this.look();
      if (seen === undefined) return notBackText(this.about, last);
      const own = this.memberOf(this.node, seen.members);
      if (own === undefined) return notBackText(this.about, "etcd has no such member");
      if (own.learner) return notBackText(this.about, "it has no vote yet: it still copies the data");
      return own.healthy ? undefined : notBackText(this.about, "it is a member and does not answer");
    }, seconds * 1000);
  }

  /** Why the member cannot be removed now. */
  private objection(own: Member, { members, mounted, from }: Seen): string | undefined {
    const { kind } = this.#departure;
    const verdict = without(members, own, kind);
    if (this.#departure.kind === "leaves" && verdict.of === 0)
      return onlyOneText(this.about, this.#departure);
    // Data that the configuration assigns to a volume may still be elsewhere, and the only copy would be lost.
    const alone = kind === "returns" && verdict.of === 1;
    if (alone && from.node === this.node && !mounted)
      return onlyOneText(this.about, { kind: "leaves", because: "data" });
    return verdict.kept ? undefined : wouldStopText(this.about, members, own, verdict);
  }

  private unhealthyLeavers({ members }: Seen): readonly string[] {
    return members
      .filter(({ healthy, name }) => !healthy && name !== this.node && this.membership.leavesForGood(name))
      .map(({ name }) => name);
  }

  /** Waits until the majority no longer knows it, and those that answered before answer again. */
  private async removed(
    node: string,
    objectionTo: (own: Member, seen: Seen) => string | undefined,
  ): Promise<void> {
    const begun: { asked: boolean; answering: readonly string[] } = { asked: false, answering: [] };
    await this.patiently(async () => {
      // A removed member no longer knows the others.
      const { seen, last } = await this.look(begun.asked ? node : undefined);
      if (seen === undefined) return unreachableText(this.about, last);
      const own = this.memberOf(node, seen.members);
      if (own === undefined) return this.settled(begun.answering, seen);
      if (!begun.asked) {
        const objection = objectionTo(own, seen);
        if (objection !== undefined) return objection;
        begun.answering = seen.members
          .filter(({ id, healthy }) => healthy && id !== own.id)
          .map(({ id }) => id);
      }
      const answer = await this.etcd.remove(this.target(seen.from), own);
      begun.asked ||= answer.kind === "done";
      return notRemovedText(this.about, own, answer.kind === "done" ? "it is still a member" : answer.answer);
    });
    if (begun.asked) this.request.log("info", `etcd has removed its member ${node}`);
  }

  private settled(answering: readonly string[], { members }: Seen): string | undefined {
    const silent = members.filter(({ id, healthy }) => !healthy && answering.includes(id));
    return silent.length === 0
      ? undefined
      : notBackText(this.about, `${silent.map(({ name }) => name).join(", ")} does not answer since`);
  }

  /** Repeats until there is no objection. @throws with the last one */
  private async patiently(
    look: () => Promise<string | undefined>,
    patience = this.pace.patience,
  ): Promise<void> {
    const until = Date.now() + patience;
    for (let count = 1; ; count++) {
      const objection = await look();
      this.request.signal.throwIfAborted();
      if (objection === undefined) return;
      const late = Date.now() + this.pace.betweenLooks >= until;
      if (late && count >= LOOKS) throw new Error(objection);
      this.request.log("info", objection.split("\n")[0] ?? "", { status: true });
      await pause(this.pace.betweenLooks, undefined, { signal: this.request.signal });
    }
  }

  /** The members, from the first control plane that knows them. @param except one that is not asked */
  private async look(except?: string): Promise<{ readonly seen: Seen | undefined; readonly last: string }> {
    let last = "no control plane can be asked";
    for (const each of this.membership.askable(this.node)) {
      if (each.node === except) continue;
      const seen = await this.etcd.look(this.target(each));
      this.request.signal.throwIfAborted();
      if (isMembers(seen)) return { seen: { ...seen, from: each }, last };
      last = seen.answer;
    }
    return { seen: undefined, last };
  }

  private memberOf(node: string, members: readonly Member[]): Member | undefined {
    const address = this.membership.address(node);
    return members.find(
      ({ name, peer }) =>
        name === node || (name === "" && address !== undefined && peer === `https://${address}:2380`),
    );
  }

  private target({ key, ssh }: ControlPlane): EtcdTarget {
    const signal = AbortSignal.any([this.request.signal, AbortSignal.timeout(this.pace.oneLook)]);
    return { server: key, ssh, signal };
  }

  private get about(): About {
    const cluster = this.membership.now?.cluster ?? "";
    return { node: this.node, cluster, stack: stackOf(this.request.urn) };
  }
}

function isMembers(seen: MembersObservation): seen is Exclude<MembersObservation, ProbeFailure> {
  return seen.kind === "members";
}
