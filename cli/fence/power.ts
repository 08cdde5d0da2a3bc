/** Whether a server of OpenStack runs, by Nova: what decides that nobody writes to its volumes any more. */
import type { Session } from "../../openstack-api/session";
import { isStatus } from "../../openstack-api/service-error";
import { text } from "../../provider-protocol/plain";
import type { PlainMap } from "../../provider-protocol";

export type ServerState =
  | { readonly kind: "absent" }
  /** @param status Nova's word */
  | { readonly kind: "off"; readonly status: string }
  | { readonly kind: "on"; readonly status: string };

/** The power of one server. */
export interface Power {
  state(signal: AbortSignal): Promise<ServerState>;
  /** Asks for the stop; the state says when it is done. */
  stop(signal: AbortSignal): Promise<void>;
}

/**
 * Statuses in which the machine does not run, and does not go on from where it was. A suspended or paused one does.
 * Source: Nova's API guide, server concepts.
 */
const OFF: ReadonlySet<string> = new Set([
  "SHUTOFF",
  "SHELVED",
  "SHELVED_OFFLOADED",
  "DELETED",
  "SOFT_DELETED",
]);

/** @param id of the server in Nova */
export function novaPower(session: Pick<Session, "call">, id: string): Power {
  const path = `/servers/${encodeURIComponent(id)}`;
  return {
    state: async (signal) => {
      try {
        const { body } = await session.call("compute", { path, signal });
        const status = text(body["server"] as PlainMap, "status");
        return { kind: OFF.has(status) ? "off" : "on", status };
      } catch (error) {
        if (isStatus(error, 404)) return { kind: "absent" };
        throw error;
      }
    },
    stop: async (signal) => {
      try {
        await session.call("compute", {
          method: "POST",
          path: `${path}/action`,
          body: { "os-stop": null },
          signal,
        });
      } catch (error) {
        // 409: it is stopped already, or just being stopped.
        if (!isStatus(error, 409)) throw error;
      }
    },
  };
}
