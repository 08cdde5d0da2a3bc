/**
 * Connections to one API server that are kept for further requests: by undici, which takes half the processor time of
 * Node.js's own client for the small requests of a set.
 */
import { setMaxListeners } from "node:events";

import { Pool } from "undici";

import { connectCluster } from "./connect";
import type { Answer, SentRequest, Sender } from "./http-api";
import type { ClusterAccess } from "./kubeconfig";

/** Milliseconds for a connection through all proxies. */
const CONNECT_TIME = 20_000;

/** Milliseconds that an unused connection is kept: less than the 90 s after which an API server closes it. */
const UNUSED_TIME = 60_000;

/** Longest answer that is read, in bytes: a list of ten thousand objects' metadata is about 25 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Connects according to the kubeconfig, through its proxy if it has one. */
export class KeptConnections implements Sender {
  readonly #prefix: string;
  #pool: Pool;

  constructor(
    private readonly access: ClusterAccess,
    /** At most so many are open. */
    private readonly connections: number,
    /** Milliseconds for the head of an answer, and from one part of it to the next. */
    private readonly oneRequest: number,
  ) {
    const { pathname } = new URL(access.server);
    this.#prefix = pathname === "/" ? "" : pathname;
    this.#pool = this.open();
  }

  async send({ method, path, headers, body }: SentRequest, signal: AbortSignal): Promise<Answer> {
    // Every request under way listens to it: more than ten are no leak.
    setMaxListeners(0, signal);
    const answer = await this.#pool.request({
      method,
      path: this.#prefix + path,
      headers,
      signal,
      // Else undici closes the connection after a DELETE with a body.
      reset: false,
      ...(body === undefined ? {} : { body }),
    });
    const retryAfter = Number(answer.headers["retry-after"]);
    return {
      status: answer.statusCode,
      body: await answer.body.text(),
      ...(retryAfter > 0 ? { retryAfter } : {}),
    };
  }

  renew(): void {
    const before = this.#pool;
    this.#pool = this.open();
    // Their requests come to their end; that nobody waits for it is no failure of this one.
    before.close().catch(() => undefined);
  }

  private open(): Pool {
    return new Pool(new URL(this.access.server).origin, {
      connections: this.connections,
      keepAliveTimeout: UNUSED_TIME,
      headersTimeout: this.oneRequest,
      bodyTimeout: this.oneRequest,
      maxResponseSize: MAX_ANSWER_BYTES,
      connect: (_options, connected) => {
        connectCluster(this.access, AbortSignal.timeout(CONNECT_TIME)).then(
          (socket) => connected(null, socket),
          (error: unknown) => connected(error as Error, null),
        );
      },
    });
  }
}
