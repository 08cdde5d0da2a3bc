/** Connections to one API server that are kept for further requests. */
import { Agent } from "node:http";
import type { Duplex } from "node:stream";

import { connectCluster } from "./connect";
import type { ClusterAccess } from "./kubeconfig";

/** Milliseconds for a connection through all proxies. */
const CONNECT_TIME = 20_000;

/** Connects according to the kubeconfig, through its proxy if it has one. */
export class ClusterAgent extends Agent {
  /** @param connections that are kept; an agent does not count those that are still being opened */
  constructor(
    private readonly access: ClusterAccess,
    connections: number,
  ) {
    super({ keepAlive: true, maxSockets: connections });
  }

  override createConnection(
    _options: unknown,
    connected: (error: Error | null, socket?: Duplex) => void,
  ): undefined {
    connectCluster(this.access, AbortSignal.timeout(CONNECT_TIME)).then(
      (socket) => connected(null, socket),
      (error: unknown) => connected(error as Error),
    );
  }
}
