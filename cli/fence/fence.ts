/**
 * Fencing: a node that is gone keeps its pods and volumes until somebody says that its machine is off for certain, because
 * two machines that write to one volume destroy it. Here Nova says so.
 */
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../shared/failure";
import type { FencedNode, Remaining } from "./node";
import type { Power, ServerState } from "./power";

export interface Fence {
  /** Of the server and its Node. */
  readonly name: string;
  readonly power: Power;
  readonly node: FencedNode;
  readonly signal: AbortSignal;
  /** Milliseconds to wait for a stop, and for pods and volumes. */
  readonly wait: number;
  /** The command without options, for messages. */
  readonly command: string;
  readonly print: (line: string) => void;
}

const BETWEEN_LOOKS = 1_000;
/** Names in a message. */
const NAMED = 5;

/**
 * Takes the node of a server out of service, and waits until its pods have ended and its volumes are detached.
 * @param stop whether a server that runs is stopped first
 * @throws UserError if the server runs, or if something remains
 */
export async function fence(given: Fence, stop: boolean): Promise<void> {
  const { name, node, signal, print } = given;
  if ((await node.state(signal)) === undefined) {
    print(`${name}: the cluster has no such node, so nothing waits for it`);
    return;
  }
  const off = await switchedOff(given, stop);
  await node.setOutOfService(true, signal);
  print(`${name} is ${off}: out of service, waiting for its pods and volumes`);
  const left = await within(given, async () => {
    const remaining = await node.remaining(signal);
    return isEmpty(remaining) ? undefined : remaining;
  });
  if (left !== undefined)
    throw new UserError(
      `${name} is out of service, and still has ${remainingText(left)}; run the command again to wait longer`,
    );
  print(`${name} has no pods and no volumes any more; others have them`);
  print(`when the server runs again: ${given.command} --lift`);
}

/**
 * Puts a node into service again.
 * @throws UserError if its server does not run, or its kubelet does not report
 */
export async function lift(given: Fence): Promise<void> {
  const { name, node, power, signal, print, command } = given;
  const state = await node.state(signal);
  if (state === undefined)
    throw new UserError(`the cluster has no node ${name}; it joins by itself when its server runs`);
  if (!state.outOfService) {
    print(`${name} is not out of service`);
    return;
  }
  const server = await power.state(signal);
  if (server.kind !== "on")
    throw new UserError(`${name} is ${stateText(server)}; start it, then: ${command} --lift`);
  // Only a kubelet that reports has ended what the API server has deleted.
  if (!state.ready)
    throw new UserError(
      `${name} runs, and its kubelet does not report yet; wait until the node is Ready, then: ${command} --lift`,
    );
  await node.setOutOfService(false, signal);
  print(`${name} is in service again`);
}

/** The server's state as a word, once it is off. @throws UserError if it runs */
async function switchedOff(given: Fence, stop: boolean): Promise<string> {
  const { name, power, signal, print, command } = given;
  const state = await power.state(signal);
  if (state.kind !== "on") return stateText(state);
  if (!stop)
    throw new UserError(
      `${name} is ${state.status} in OpenStack: its pods may still write to their volumes; stop it first: ${command} --stop`,
    );
  print(`${name} is ${state.status}: stopping it`);
  await power.stop(signal);
  let last: ServerState = state;
  const running = await within(given, async () => {
    last = await power.state(signal);
    return last.kind === "on" ? last : undefined;
  });
  if (running !== undefined)
    throw new UserError(
      `${name} is still ${running.status} in OpenStack, so nothing was taken out of service; its hypervisor may be away: let the cloud's operators say that it is off`,
    );
  return stateText(last);
}

/** Asks until there is nothing more to say, or time is out. @returns what was said last */
async function within<Result>(
  { wait, signal }: Fence,
  ask: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  const end = Date.now() + wait;
  for (;;) {
    const said = await ask();
    if (said === undefined || Date.now() > end) return said;
    await pause(BETWEEN_LOOKS, undefined, { signal });
  }
}

function stateText(state: ServerState): string {
  return state.kind === "absent" ? "deleted in OpenStack" : `${state.status} in OpenStack`;
}

function isEmpty({ pods, volumes }: Remaining): boolean {
  return pods.length + volumes.length === 0;
}

function remainingText({ pods, volumes }: Remaining): string {
  const said = (what: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`${what} ${namesText(names)}`];
  return [...said("pods", pods), ...said("volumes", volumes)].join(" and ");
}

function namesText(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${String(more)} more` : ""}`;
}
