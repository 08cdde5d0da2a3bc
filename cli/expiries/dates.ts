/** Reads the real expiry dates: from the stack's state and outputs, and from the cluster. */
import { X509Certificate } from "node:crypto";
import { assertNever } from "../../errors/assert-never";
import { LIFETIMES } from "../../environment/lifetimes";
import type { ExpiryPlan } from "../../environment/plan/types";
import type { ExpiryDatePlan } from "../../environment/plan/types-expiries";
import { isLive, nameOf, type ResourceState, type StackState } from "../shared/stack-state";
import type { ClusterAnswer, TlsSecretName } from "./cluster";
import type { ExpiryDate } from "./judge";
import type { ReadText } from "./read-text";

export interface ExpirySources {
  readonly state: StackState;
  /** PEM of the client certificate in the stack's own kubeconfig, or why there is none. */
  readonly kubeconfig: ReadText;
  readonly cluster: ClusterAnswer;
}

const DAY = 24 * 60 * 60 * 1000;
const SIGNED = "tls:index/locallySignedCert:LocallySignedCert";
const INSTANCE = "openstack:compute/instance:Instance";

/** By the keys of the expiries. */
export function expiryDates(
  ends: readonly ExpiryPlan[],
  sources: ExpirySources,
): ReadonlyMap<string, ExpiryDate> {
  return new Map(ends.map((end) => [end.key, expiryDate(end, sources)]));
}

function expiryDate({ date }: ExpiryPlan, { state, kubeconfig, cluster }: ExpirySources): ExpiryDate {
  switch (date.kind) {
    case "state":
      return onDay(outputOf(state, date.type, date.name, date.output), `${date.name} is not in the state`);
    case "node":
      return nodeDate(state, date.name, date.server);
    case "annotation":
      return annotated(cluster, date);
    case "tlsSecret":
      return certified(cluster.kind === "unread" ? cluster : certificateIn(cluster, date));
    case "kubeconfig":
      return certified(kubeconfig);
    case "none":
      return unread("it is stored nowhere that this program can read");
    default:
      return assertNever(date);
  }
}

/**
 * A server has the certificate that it booted with. If the state's is newer than the server, the server has the
 * previous one, which expires within the days of its renewal.
 */
function nodeDate(state: StackState, name: string, server: string): ExpiryDate {
  const end = onDay(outputOf(state, SIGNED, name, "validityEndTime"), `${name} is not in the state`);
  const start = dateOf(outputOf(state, SIGNED, name, "validityStartTime"));
  const created = dateOf(outputOf(state, INSTANCE, server, "created"));
  // Created before its server, by a machine whose clock may differ: a day covers that.
  if (start === undefined || created === undefined || start.getTime() < created.getTime() + DAY) return end;
  const at = new Date(start.getTime() + LIFETIMES.node.renewalDays * DAY);
  return { kind: "on", at, note: "at the latest: the server booted with the one before" };
}

function annotated(
  cluster: ClusterAnswer,
  { node, annotation, formerly }: Extract<ExpiryDatePlan, { kind: "annotation" }>,
): ExpiryDate {
  if (cluster.kind === "unread") return cluster;
  const annotations = cluster.nodes.get(node);
  if (annotations === undefined) return unread(`the cluster has no node ${node}`);
  return onDay(
    annotations[annotation] ?? annotations[formerly],
    `node ${node} has no annotation ${annotation} yet`,
  );
}

function certificateIn(
  { certificates }: Extract<ClusterAnswer, { kind: "seen" }>,
  { namespace, name }: TlsSecretName,
): ReadText {
  return certificates.get(`${namespace}/${name}`) ?? unread(`Secret ${namespace}/${name} was not read`);
}

function certified(read: ReadText): ExpiryDate {
  if (read.kind === "unread") return read;
  try {
    return { kind: "on", at: new Date(new X509Certificate(read.text).validTo) };
  } catch {
    return unread("it is no certificate in PEM");
  }
}

function onDay(value: unknown, otherwise: string): ExpiryDate {
  const at = dateOf(value);
  return at === undefined ? unread(otherwise) : { kind: "on", at };
}

/** Of a time as RFC 3339 or Go has it (`2026-11-21 06:00:00 +0000 UTC`: the OpenStack provider's `created`). */
function dateOf(value: unknown): Date | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const at = new Date(value.replace(/^(\S+) (\S+) \+0000 UTC$/, "$1T$2Z"));
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function outputOf(state: StackState, type: string, name: string, output: string): unknown {
  const found = state.deployment.resources.find(
    (each: ResourceState) => each.type === type && nameOf(each) === name && isLive(each),
  );
  return found?.outputs?.[output];
}

function unread(why: string): Extract<ExpiryDate, { kind: "unread" }> {
  return { kind: "unread", why };
}
