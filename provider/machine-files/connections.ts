/** Connections to machines: one to each bastion for all machines behind it, one to each machine in use. */
import type { Client } from "ssh2";

import { assertNever } from "../../errors/assert-never";
import { connectSsh, forward, forwardBySocks } from "./ssh";
import type { SshEndpoint, SshPace, SshTarget } from "./ssh";

/** Milliseconds that a bastion's connection stays open after its last use: the next machine follows at once. */
const BASTION_IDLE = 2_000;

interface Shared {
  readonly client: Promise<Client>;
  users: number;
}

export class Connections {
  readonly #bastions = new Map<string, Shared>();

  constructor(private readonly pace: SshPace) {}

  /** Runs work on a machine over its own connection. @throws SshFailure */
  async with<Result>(
    target: SshTarget,
    signal: AbortSignal,
    work: (client: Client) => Promise<Result>,
  ): Promise<Result> {
    const { via } = target;
    switch (via.kind) {
      case "direct":
        return this.#on(await connectSsh(target, this.pace, signal), work);
      case "socks": {
        const stream = await forwardBySocks(via.url, target, signal);
        return this.#on(await connectSsh(target, this.pace, signal, stream), work);
      }
      case "bastion":
        return this.#behind(
          via,
          async (bastion) => {
            const stream = await forward(bastion, target);
            return this.#on(await connectSsh(target, this.pace, signal, stream), work);
          },
          signal,
        );
      default:
        return assertNever(via);
    }
  }

  async #on<Result>(client: Client, work: (client: Client) => Promise<Result>): Promise<Result> {
    try {
      return await work(client);
    } finally {
      client.end();
    }
  }

  async #behind<Result>(
    endpoint: SshEndpoint,
    work: (bastion: Client) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const key = JSON.stringify([endpoint.host, endpoint.port, endpoint.user, endpoint.hostKey]);
    const shared = this.#bastions.get(key) ?? this.#open(key, endpoint, signal);
    shared.users++;
    try {
      return await work(await shared.client);
    } finally {
      shared.users--;
      setTimeout(() => this.#closeIdle(key, shared), BASTION_IDLE).unref();
    }
  }

  #open(key: string, endpoint: SshEndpoint, signal: AbortSignal): Shared {
    const client = connectSsh(endpoint, this.pace, signal);
    const shared: Shared = { client, users: 0 };
    this.#bastions.set(key, shared);
    const gone = (): void => {
      if (this.#bastions.get(key) === shared) this.#bastions.delete(key);
    };
    client.then((opened) => opened.once("close", gone), gone);
    return shared;
  }

  #closeIdle(key: string, shared: Shared): void {
    if (shared.users > 0 || this.#bastions.get(key) !== shared) return;
    this.#bastions.delete(key);
    shared.client.then(
      (client) => client.end(),
      () => undefined,
    );
  }
}
