/** etcd of real control planes: a small program, sent over SSH, queries the machine's own etcd. */
import { join } from "node:path";
import type { Client } from "ssh2";

import { Connections } from "../machine-files/connections";
import { askedOf } from "../machine-files/reach";
import { RemoteProgram } from "../machine-files/remote-program";
import { SshFailure } from "../machine-files/ssh";
import type { SshPace } from "../machine-files/ssh";
import type { ProbeFailure } from "../kubernetes-api/probe-failure";
import type { Etcd, EtcdTarget, Member } from "./etcd";

const PACE: SshPace = { ready: 20_000, keepalive: 10_000 };

export function sshEtcd(pace: SshPace = PACE): Etcd {
  const connections = new Connections(pace);
  const program = new RemoteProgram(join(__dirname, "agent"), ["etcd_members"]);

  async function ask<Result>(
    { server, ssh, signal }: EtcdTarget,
    request: object,
    read: (answer: Answer) => Result,
  ): Promise<Result | ProbeFailure> {
    try {
      const work = (client: Client): Promise<string> =>
        inTime(
          program.run(client, request),
          signal,
          () => new SshFailure("waiting", "the machine does not answer in time"),
        );
      const answer = JSON.parse(await connections.with(ssh, signal, work)) as Answer;
      const { problem } = answer;
      return problem === undefined
        ? read(answer)
        : { kind: "waiting", answer: `etcd of ${server}: ${problem}` };
    } catch (error) {
      return failureOf(error, ssh);
    }
  }

  return {
    look: (target) =>
      ask(target, { action: "look" }, ({ members = [], mounted = false }) => ({
        kind: "members",
        members,
        mounted,
      })),
    remove: (target, { id }) => ask(target, { action: "remove", id }, () => ({ kind: "done" })),
  };
}

interface Answer {
  readonly problem?: string;
  readonly members?: readonly Member[];
  readonly mounted?: boolean;
}

function failureOf(error: unknown, ssh: EtcdTarget["ssh"]): ProbeFailure {
  const text = error instanceof Error ? error.message : String(error);
  const answer = `${askedOf(ssh)}: ${text}`;
  if (error instanceof SshFailure && error.kind !== "waiting")
    return { kind: "refused", answer, check: "the machine's host key, its user, and that user's sudo" };
  return { kind: "waiting", answer };
}

/** A hanging program on a machine is not stopped; its connection is closed. */
function inTime<Result>(work: Promise<Result>, signal: AbortSignal, late: () => Error): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(late());
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
