/** What the server knows of each connection: the engine behind it, and the provider configured on it. */
import { EngineLog } from "./engine-log";
import type { ConfiguredPackage, LogSeverity, ResourceHandler } from "./handler";
import { NotImplemented } from "./errors";

/** One connection, that is one provider of one program run. */
export class Session {
  #configured: ConfiguredPackage | undefined;
  #log: EngineLog | undefined;
  #abort = new AbortController();

  attach(engineAddress: string): void {
    if (this.#log?.address === engineAddress) return;
    this.#log?.close();
    this.#log = new EngineLog(engineAddress);
  }

  configure(configured: ConfiguredPackage): void {
    this.#configured = configured;
    this.#abort = new AbortController();
  }

  /** @throws if the engine has not configured this connection */
  get configured(): ConfiguredPackage {
    if (this.#configured === undefined) throw new Error("the provider has not been configured");
    return this.#configured;
  }

  resource(type: string): ResourceHandler {
    const handler = this.configured.resource(type);
    if (handler === undefined) throw new NotImplemented(`unknown resource type ${type}`);
    return handler;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  log(urn: string, severity: LogSeverity, message: string, status: boolean): void {
    this.#log?.send(urn, severity, message, status);
  }

  cancel(): void {
    this.#abort.abort(new Error("cancelled"));
    this.#configured?.cancel?.();
  }

  close(): void {
    this.#log?.close();
  }
}

/** How many connections are remembered; an engine opens a handful, and a port number returns after tens of thousands. */
const REMEMBERED = 256;

/** All connections of a server, by the peer's address and port. */
export class Sessions {
  readonly #byPeer = new Map<string, Session>();

  /** The peer's session; a peer not seen before gets a new one. */
  of(peer: string): Session {
    return this.#byPeer.get(peer) ?? this.open(peer);
  }

  /** A fresh session: a peer that sends its greeting again is a new connection on a port used before. */
  open(peer: string): Session {
    this.#byPeer.get(peer)?.close();
    this.#byPeer.delete(peer);
    const session = new Session();
    this.#byPeer.set(peer, session);
    for (const [oldest, forgotten] of this.#byPeer) {
      if (this.#byPeer.size <= REMEMBERED) break;
      forgotten.close();
      this.#byPeer.delete(oldest);
    }
    return session;
  }

  close(): void {
    for (const session of this.#byPeer.values()) session.close();
    this.#byPeer.clear();
  }
}
