/** Writes the permit to initialize a cluster to a machine. */
import type { LongRequest } from "../../provider-protocol";
import { Agent } from "../machine-files/agent";
import { Connections } from "../machine-files/connections";
import type { MachineAccess, Pace } from "../machine-files/handler";
import { retryUntilReached } from "../machine-files/reach";
import type { Settings } from "../machine-files/settings";

/** Path of the permit on a control plane, and of the marker on its etcd volume once it is a member of a cluster. */
export const PERMIT_FILE = "/etc/labstead/kubernetes/init-permit";
export const MEMBER_FILE = "/var/lib/etcd/member-of-cluster";

/** `member`: the machine is already in a cluster, so it got none. */
export type PermitResult = "given" | "member" | "no machines";

export type WritePermit = (request: LongRequest, machine: Settings, text: string) => Promise<PermitResult>;

/** Not that of the pushed files, which would remove whatever is not among them. */
const DIRECTORY = "/var/lib/labstead/init-permit";
const PACE: Pace = { ready: 20_000, keepalive: 10_000, betweenAttempts: 5_000, refusedFor: 60_000 };

/**
 * @param access how servers are reached, as for the files that are pushed to them
 * @param directory on the machines, only for root; used for nothing else
 */
export function permitWriter(access: MachineAccess, directory = DIRECTORY): WritePermit {
  if (access.kind === "none") return () => Promise.resolve("no machines");
  const { pace = PACE } = access;
  const [agent, connections] = [new Agent(directory), new Connections(pace)];
  return (request, machine, text) =>
    retryUntilReached(request, machine, pace, () =>
      connections.with(machine.target, request.signal, async (client) => {
        const seen = await agent.look(client, [MEMBER_FILE]);
        if ((seen.files[MEMBER_FILE] ?? null) !== null) return "member";
        const file = { path: PERMIT_FILE, owner: "root:root", mode: "0600", content: text };
        const answer = await agent.push(client, {
          awaits: { run: [], timeoutSeconds: 0 },
          files: [{ ...file, validate: [], apply: { kind: "none" } }],
          previous: [],
          units: [],
          checks: [],
        });
        if (answer.outcome === "done") return "given";
        throw new Error(
          `${machine.server} does not take the permit to initialize its cluster: ${answer.problem}`,
        );
      }),
    );
}
