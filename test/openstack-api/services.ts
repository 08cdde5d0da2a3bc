/** Stand-ins for a cloud's services, with the answers that a test sets. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { CloudLogin } from "../../openstack-api/clouds";

/** A Keystone, a Neutron and an Octavia in one server; `answer` is asked for everything but tokens. */
export class Services {
  readonly requests: string[] = [];
  tokens = 0;
  /** In the catalog. */
  types: readonly string[] = ["network", "load-balancer"];
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => {
    reply(response, 200, {});
  };
  readonly #server = createServer((request, response) => this.#serve(request, response));

  /** What logs in there. */
  async start(): Promise<CloudLogin> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return {
      source: "cloud lab",
      authUrl: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      auth: { kind: "password", user: { id: "u1" }, password: "x" },
      interface: "public",
    };
  }

  stop(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(
      `${request.method ?? ""} ${request.url ?? ""} ${String(request.headers["x-auth-token"])}`,
    );
    if (request.url === "/v3/auth/tokens") this.#login(request, response);
    else this.answer(request, response);
  }

  #login(request: IncomingMessage, response: ServerResponse): void {
    this.tokens += 1;
    const url = `http://${request.headers.host ?? ""}`;
    const endpoints = [
      { interface: "internal", region_id: "One", url: "http://wrong" },
      { interface: "public", region_id: "One", url },
    ];
    const catalog = this.types.map((type) => ({ type, endpoints }));
    response.setHeader("X-Subject-Token", `token-${this.tokens}`);
    const token = { user: { id: "u1" }, project: { id: "p1" }, catalog };
    reply(response, 201, { token });
  }
}

export function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
