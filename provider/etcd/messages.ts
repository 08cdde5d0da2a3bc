/** Errors when a control plane cannot be removed: what prevents it, what to do. */
import type { Member } from "./etcd";
import type { Departure } from "./membership";
import type { Verdict } from "./quorum";

/**
 * Environment variable with names of nodes, separated by commas, whose servers are deleted in this run without querying
 * etcd.
 */
export const SKIP_ETCD = "LABSTEAD_SKIP_ETCD";

export interface About {
  readonly node: string;
  readonly cluster: string;
  /** The stack's name. */
  readonly stack: string;
}

const UNTOUCHED = "so its server was not touched";

/** Without it etcd would stop, temporarily or permanently. */
export function wouldStopText(
  about: About,
  members: readonly Member[],
  own: Member,
  { answer, needed, of }: Verdict,
): string {
  const silent = members.filter(({ id, healthy, learner }) => !healthy && !learner && id !== own.id);
  const helper = members.find(({ id, healthy }) => healthy && id !== own.id) ?? own;
  return [
    `etcd of cluster "${about.cluster}" would stop without ${about.node}, ${UNTOUCHED}`,
    ...members.map((each) => `  ${memberName(each)}: ${stateOf(each)}`),
    `  without it ${count(answer)} of ${of}, and ${needed} have to`,
    `  repair the members that do not answer (on their servers: journalctl -u kubelet, and crictl ps -a), then go on with: pulumi up -s ${about.stack}`,
    ...silent.map(
      (each) =>
        `  if ${memberName(each)} never comes back, take it out of etcd first: ${removal(each, helper)}`,
    ),
    skipHint(about),
  ].join("\n");
}

/** Its member is the last one. */
export function onlyOneText(about: About, going: Exclude<Departure, { kind: "returns" }>): string {
  const what =
    going.because === "removed"
      ? `${about.node} is the last member of etcd in cluster "${about.cluster}", ${UNTOUCHED}: the cluster would go with it`
      : `${about.node} is the only member of etcd in cluster "${about.cluster}" and has its data on its root disk, ${UNTOUCHED}: everything in the cluster would go with it`;
  return [
    what,
    "  let others have the data first: servers.controlPlane.min: 3 with everything else as it is, and up; then this change, and up",
    skipHint(about),
  ].join("\n");
}

/** No control plane knows the members. */
export function unreachableText(about: About, last: string): string {
  return [
    `the members of etcd in cluster "${about.cluster}" are unknown, so ${about.node} could not be taken out and its server was not touched`,
    `  last answer: ${last}`,
    `  check: that SSH comes to the control planes, and etcd on them (journalctl -u kubelet, and crictl ps -a); then go on with: pulumi up -s ${about.stack}`,
    skipHint(about),
  ].join("\n");
}

/** A run without the control planes. */
export function unknownText(about: About): string {
  return [
    `this run does not know the control planes, so ${about.node} cannot be taken out of etcd and its server was not touched`,
    `  with --target or --exclude they are left out: write servers.controlPlane.min or removed as it is to be, and run it whole: pulumi up -s ${about.stack}`,
    skipHint(about),
  ].join("\n");
}

export function notRemovedText(about: About, member: Member, answer: string): string {
  return [
    `etcd of cluster "${about.cluster}" does not let member ${memberName(member)} go, ${UNTOUCHED}`,
    `  last answer: ${answer}`,
    `  it is asked again by: pulumi up -s ${about.stack}`,
    skipHint(about),
  ].join("\n");
}

/** @param what of its member, as the rest of a sentence */
export function notBackText(about: About, what: string): string {
  return [
    `etcd of cluster "${about.cluster}" is not whole again with ${about.node}; no other control plane was touched after it`,
    `  last answer: ${what}`,
    `  check: on the server: journalctl -u labstead-kubernetes -u kubelet, and crictl ps -a; the next up waits again`,
  ].join("\n");
}

/** For a cluster that others created. */
export function othersText({ node }: Pick<About, "node">): string {
  return `${node} is taken out of etcd by those who operate the cluster: this program did not make it a member`;
}

function skipHint({ node, stack }: About): string {
  return `  if the cluster is given up for sure: ${SKIP_ETCD}=${node} pulumi up -s ${stack}`;
}

function memberName({ name, peer }: Member): string {
  return name === "" ? `the one that never started at ${peer}` : name;
}

function stateOf({ healthy, learner }: Member): string {
  if (learner) return "has no vote yet";
  return healthy ? "answers" : "does not answer";
}

function count(answer: number): string {
  return answer === 1 ? "1 member would answer" : `${String(answer)} members would answer`;
}

/** With the program in etcd's own image, which expects the id in hexadecimal. */
function removal({ id }: Member, helper: Member): string {
  const pki = "/etc/kubernetes/pki/etcd";
  const keys = `--cacert ${pki}/ca.crt --cert ${pki}/server.crt --key ${pki}/server.key`;
  return `kubectl -n kube-system exec etcd-${helper.name} -- etcdctl ${keys} member remove ${BigInt(id).toString(16)}`;
}
