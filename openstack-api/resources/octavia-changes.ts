/** Changes of a load balancer and of everything on it. */
import type { PlainMap } from "../../provider-protocol";
import { text } from "../../provider-protocol/plain";
import { isStatus, orGone } from "../service-error";
import type { Call, Session } from "../session";
import { until } from "../wait";

/** Provisioning states in which nothing is under way. */
const SETTLED: ReadonlySet<string> = new Set(["ACTIVE", "ERROR", "DELETED"]);

/**
 * A change as soon as the balancer takes one, and until it is carried out: before that, the next one is refused as
 * immutable. Ours wait in a queue, because dozens that ask for the balancer's status would slow down its changes.
 */
export async function changing(session: Session, balancer: string, call: Call): Promise<PlainMap> {
  const signal = call.signal ?? new AbortController().signal;
  if (balancer === "") return (await session.call("loadBalancer", call)).body;
  return inTurn(session, balancer, async () => {
    signal.throwIfAborted();
    const body = await until(`load balancer ${balancer} to take changes`, signal, async () => {
      await settled(session, balancer, signal);
      try {
        return (await session.call("loadBalancer", call)).body;
      } catch (error) {
        if (isStatus(error, 404) && call.method === "DELETE") return {};
        if (isStatus(error, 409) && error instanceof Error && error.message.includes("immutable"))
          return undefined;
        throw error;
      }
    });
    await settled(session, balancer, signal);
    return body;
  });
}

/** The last change that waits or is under way, by balancer. */
const turns = new WeakMap<Session, Map<string, Promise<unknown>>>();

async function inTurn<Result>(
  session: Session,
  balancer: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const last = turns.get(session) ?? new Map<string, Promise<unknown>>();
  turns.set(session, last);
  const turn = (last.get(balancer) ?? Promise.resolve()).then(work);
  // A failed change has thrown its error; the next one goes on.
  last.set(
    balancer,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Waits until nothing is under way on a balancer. @throws if Octavia has given up on it */
export async function settled(session: Session, id: string, signal: AbortSignal): Promise<void> {
  await until(`load balancer ${id} to become ACTIVE`, signal, async () => {
    const found = await orGone(
      session.one("loadBalancer", "loadbalancer", { path: `/loadbalancers/${id}`, signal }),
    );
    const status = text(found, "provisioning_status");
    // One in ERROR can still be deleted, so what is asked next decides.
    return found === undefined || SETTLED.has(status) ? true : undefined;
  });
}
