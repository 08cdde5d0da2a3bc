/** Whether a run of a stack was interrupted, and what to do then: checked before anything else starts. */
import { holder, isStale, type Lock } from "./locks";
import { type Pulumi, PulumiFailure } from "./pulumi";
import { nameOf, type StackState, unread } from "./stack-state";

/** Command lines for the user: on a real cloud, or on the built-in one. */
export interface Commands {
  readonly recover: string;
  readonly up: string;
}

/** What prevents a run, and the state if it could be read. */
export interface Interruption {
  readonly reason?: string;
  /** A preview only reads, but a killed run may have left an unreadable state. */
  readonly stopsPreviews?: true;
  /** Undefined if there is no such stack yet. */
  readonly state?: StackState;
}

/** Checks whether this stack has open operations, or an active run. */
export async function interruption(pulumi: Pulumi, commands: Commands): Promise<Interruption> {
  const locks = await pulumi.locks();
  const held = locks.filter((lock) => !isStale(lock));
  if (held.length > 0) return { reason: heldText(pulumi.stack, held) };
  if (locks.length > 0)
    return {
      reason: `${pulumi.stack} is locked by ${locks.map(holder).join(", ")}, a run that was killed; run: ${commands.recover}`,
      stopsPreviews: true,
    };
  const state = await readable(pulumi);
  if (state === "unreadable")
    return {
      reason: `${pulumi.stack}: a run was killed while it wrote the state; run: ${commands.recover}`,
      stopsPreviews: true,
    };
  if (state === undefined) return {};
  const open = unfinished(state);
  return open.length === 0 ? { state } : { state, reason: openText(pulumi.stack, open, commands) };
}

async function readable(pulumi: Pulumi): Promise<StackState | "unreadable" | undefined> {
  try {
    return await pulumi.export();
  } catch (error) {
    if (error instanceof PulumiFailure && error.isUnreadable) return "unreadable";
    throw error;
  }
}

function openText(stack: string, open: readonly string[], { recover }: Commands): string {
  return [
    `${stack} was interrupted: it is not known whether these were done, and an up could make them twice`,
    ...open.map((text) => `  ${text}`),
    `run: ${recover}`,
  ].join("\n");
}

function unfinished(state: StackState): readonly string[] {
  return [
    ...state.deployment.pending_operations.map(({ type, resource }) => `${type} ${nameOf(resource)}`),
    ...unread(state).map((each) => `recovering ${nameOf(each)}`),
  ];
}

/** The message about a lock that may belong to an active run. */
export function heldText(stack: string, locks: readonly Lock[]): string {
  const hosts = [...new Set(locks.map((lock) => lock.hostname))].join(", ");
  return [
    `${stack} is locked by ${locks.map(holder).join(", ")}, nothing was changed`,
    `wait until that run has ended; if it was killed, run labstead recover on ${hosts},`,
    `or, where ${hosts} is gone for good: pulumi cancel --stack ${stack}, then labstead recover here`,
  ].join("\n");
}
