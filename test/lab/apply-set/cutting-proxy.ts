/**
 * A TCP proxy on loopback that resets all its connections in both directions, as a firewall or a restarted gateway does;
 * new ones are accepted.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** When connections are reset: by what was sent and not by a clock, so that a busy machine sees as many cuts. */
export interface Cuts {
  /** Bytes from all clients together between two cuts. */
  readonly every: number;
  readonly times: number;
}

export class CuttingProxy {
  private readonly sockets = new Set<Socket>();
  private bytesSinceCut = 0;
  private cutsDone = 0;

  private constructor(
    private readonly server: Server,
    private readonly cuts: Cuts,
  ) {}

  /** @param target port on loopback */
  static async start(target: number, cuts: Cuts): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server, cuts);
    server.on("connection", (client) => proxy.pass(client, connect(target, "127.0.0.1")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** `https://127.0.0.1:<port>` */
  get url(): string {
    return `https://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** How many times connections were reset. */
  get cutCount(): number {
    return this.cutsDone;
  }

  async close(): Promise<void> {
    this.reset();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(client: Socket, upstream: Socket): void {
    client.on("data", ({ length }) => this.count(length));
    client.pipe(upstream).pipe(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }

  private count(length: number): void {
    this.bytesSinceCut += length;
    if (this.bytesSinceCut < this.cuts.every || this.cutsDone === this.cuts.times) return;
    this.bytesSinceCut = 0;
    this.cutsDone++;
    this.reset();
  }

  private reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }
}
