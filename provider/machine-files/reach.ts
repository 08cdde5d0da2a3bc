/** Connects to a machine that may still be booting: retries until the timeout, then reports the attempts. */
import { setTimeout as pause } from "node:timers/promises";

import type { LongRequest } from "../../provider-protocol";
import type { Settings } from "./settings";
import { SshFailure } from "./ssh";
import type { SshEndpoint, SshTarget } from "./ssh";

/** Milliseconds between two attempts, and until a refusal is final. */
export interface ReachPace {
  readonly betweenAttempts: number;
  /** cloud-init creates users and their keys some time after SSH answers. */
  readonly refusedFor: number;
}

interface Attempts {
  readonly count: number;
  readonly seconds: number;
  readonly last: SshFailure;
}

/**
 * Runs some work on a machine, and restarts it if the connection fails.
 * @throws Error with the attempts, or what the work throws
 */
export async function retryUntilReached<Result>(
  request: LongRequest,
  { server, target, timeoutSeconds }: Settings,
  pace: ReachPace,
  work: () => Promise<Result>,
): Promise<Result> {
  const started = Date.now();
  const seconds = request.timeoutSeconds ?? timeoutSeconds;
  let refusedSince: number | undefined;
  for (let count = 1; ; count++) {
    request.signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      request.signal.throwIfAborted();
      if (!(error instanceof SshFailure)) throw error;
      const now = Date.now();
      refusedSince = error.kind === "refused" ? (refusedSince ?? now) : undefined;
      const refused = refusedSince !== undefined && now - refusedSince >= pace.refusedFor;
      const late = now + pace.betweenAttempts >= started + seconds * 1000;
      const attempts: Attempts = { count, seconds: Math.round((now - started) / 1000), last: error };
      if (error.kind === "final" || refused || late)
        throw new Error(timeoutText(server, target, attempts), { cause: error });
      request.log("info", `${error.message} (${attempts.seconds} of ${seconds} s)`, { status: true });
      await pause(pace.betweenAttempts, undefined, { signal: request.signal });
    }
  }
}

function timeoutText(server: string, target: SshTarget, { count, seconds, last }: Attempts): string {
  const attempts = count === 1 ? "1 attempt" : `${count} attempts`;
  return [
    `no files could be pushed to ${server} after ${seconds} s (${attempts})`,
    `  asked: ${askedOf(target)}`,
    `  last answer: ${last.message}`,
    `  check: ${ADVICE[last.kind](target)}`,
  ].join("\n");
}

const ADVICE: Readonly<Record<SshFailure["kind"], (target: SshTarget) => string>> = {
  waiting: ({ via }) =>
    `that the server is ACTIVE and has booted (openstack console log show), and that ${FROM[via.kind]} may reach its SSH`,
  refused: ({ user }) =>
    `cloud-init's log on the server (openstack console log show): user ${user}, its key and its sudo come with the first boot`,
  final: () =>
    "that no other machine answers at this address; a machine that is meant to be another one now has to be recreated by the program, which gives it its host key",
};

const FROM = {
  direct: "this machine",
  bastion: "the bastion",
  socks: "the other end of the tunnel",
} as const;

/** The machine and the route to it, without secrets. */
export function askedOf(target: SshTarget): string {
  const own = who(target);
  const { via } = target;
  switch (via.kind) {
    case "direct":
      return own;
    case "bastion":
      return `${own} through the bastion ${who(via)}`;
    case "socks":
      return `${own} through ${via.url}`;
  }
}

function who({ user, host, port }: SshEndpoint): string {
  return `${user}@${host}:${port}`;
}
