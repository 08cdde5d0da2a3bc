/**
 * An etcd in memory that is as strict as the real one: it answers by its majority only, and refuses a removal after which
 * too few voters would be left (`mayRemoveMember` of go.etcd.io/etcd/server/v3, with --strict-reconfig-check).
 */
import type { Etcd, EtcdTarget, Member, MembersObservation, Removed } from "../../../provider/etcd/etcd";
import { majority } from "../../../provider/etcd/quorum";

export interface FakeMember {
  readonly id: string;
  name: string;
  readonly address: string;
  learner: boolean;
  /** The server runs, and etcd on it. */
  alive: boolean;
}

export class FakeEtcd implements Etcd {
  /** Who is a member, by node. */
  readonly members = new Map<string, FakeMember>();
  /** Whether the machines have their data on volumes. */
  mounted = true;
  /** Removals, and requests by control plane. */
  readonly done: string[] = [];
  readonly asked: string[] = [];
  /** Refusals that come before the next removals, with etcd's messages. */
  readonly refusals: string[] = [];
  /** Machines whose SSH does not answer. */
  readonly unreachable = new Set<string>();
  /** Called after each removal, with the node. @default nothing happens */
  watch: (node: string) => void = () => undefined;
  /** Called before each question: servers come and go meanwhile. @default nothing happens */
  meanwhile: () => void = () => undefined;

  constructor(nodes: readonly string[]) {
    nodes.forEach((node, index) => this.add(node, index));
  }

  add(name: string, index: number, address = addressOf(index)): FakeMember {
    const member = { id: String(1_000 + index), name, address, learner: false, alive: true };
    this.members.set(name, member);
    return member;
  }

  get voters(): readonly FakeMember[] {
    return [...this.members.values()].filter(({ learner }) => !learner);
  }

  get hasQuorum(): boolean {
    return this.voters.filter(({ alive }) => alive).length >= majority(this.voters.length);
  }

  async look(target: EtcdTarget): Promise<MembersObservation> {
    await this.travel(target);
    const own = this.askedMember(target);
    if (own === undefined || !this.hasQuorum) return waiting(target, "etcdserver: request timed out");
    const members = [...this.members.values()].map((each): Member => ({
      id: each.id,
      name: each.name,
      peer: `https://${each.address}:2380`,
      learner: each.learner,
      healthy: each.alive,
    }));
    return { kind: "members", members, mounted: this.mounted };
  }

  async remove(target: EtcdTarget, { id }: Member): Promise<Removed> {
    await this.travel(target);
    if (this.askedMember(target) === undefined || !this.hasQuorum)
      return waiting(target, "etcdserver: request timed out");
    const found = [...this.members].find(([, member]) => member.id === id);
    if (found === undefined) return { kind: "done" };
    const [node, member] = found;
    const refusal = this.refusals.shift() ?? this.refusalFor(member);
    if (refusal !== undefined) return waiting(target, refusal);
    this.members.delete(node);
    this.done.push(`removed ${node}`);
    this.watch(node);
    return { kind: "done" };
  }

  private refusalFor(leaving: FakeMember): string | undefined {
    if (leaving.learner) return undefined;
    const others = this.voters.filter((each) => each !== leaving);
    if (others.length === 0) return "etcdserver: re-configuration failed due to not enough started members";
    if (!leaving.alive) return undefined;
    const active = this.voters.filter(({ alive }) => alive).length;
    return active - 1 < majority(this.voters.length - 1) ? "etcdserver: unhealthy cluster" : undefined;
  }

  private askedMember({ ssh, server }: EtcdTarget): FakeMember | undefined {
    this.asked.push(server);
    if (this.unreachable.has(ssh.host)) return undefined;
    return [...this.members.values()].find(({ address, alive }) => address === ssh.host && alive);
  }

  private async travel({ signal }: EtcdTarget): Promise<void> {
    signal.throwIfAborted();
    this.meanwhile();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function addressOf(index: number): string {
  return `192.168.3.${String(10 + index)}`;
}

function waiting({ server }: EtcdTarget, answer: string): Extract<Removed, { kind: "waiting" }> {
  return { kind: "waiting", answer: `etcd of ${server}: ${answer}` };
}
