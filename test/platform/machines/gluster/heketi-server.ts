/**
 * A small server that speaks Heketi's documented protocol: a JWT for each request with `qsh`, work answered by 202 and a
 * place in the queue, there `X-Pending` and at the end 303, 204 or 500; 409 for a server that is known.
 */
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Node {
  readonly id: string;
  readonly cluster: string;
  readonly zone: number;
  readonly hostnames: { readonly manage: readonly string[]; readonly storage: readonly string[] };
  readonly devices: { readonly id: string; readonly name: string }[];
}
interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** How often the queue says that it still works. */
const PENDING = 2;

export class HeketiServer {
  readonly clusters: { readonly id: string; readonly nodes: string[] }[] = [];
  readonly nodes: Node[] = [];
  readonly asked: string[] = [];
  /** Devices that Heketi cannot make a volume group on. */
  readonly badDevices = new Set<string>();
  database = Buffer.concat([Buffer.alloc(16), Buffer.from([0xed, 0xda, 0x0c, 0xed]), Buffer.alloc(44)]);
  private readonly queue = new Map<string, { pending: number; readonly end: Reply }>();
  private ids = 0;

  private constructor(
    private readonly server: Server,
    private readonly key: string,
  ) {}

  static async open(key: string): Promise<HeketiServer> {
    const server = createServer();
    const heketi = new HeketiServer(server, key);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const { status, headers, body } = heketi.answer(request, Buffer.concat(parts).toString());
        response.writeHead(status, headers).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return heketi;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ method = "", url = "", headers }: IncomingMessage, body: string): Reply {
    const refusal = this.refuses(headers.authorization ?? "", `${method}&${url}`);
    if (refusal !== undefined) return { status: 401, body: refusal };
    if (!url.startsWith("/queue/")) this.asked.push(`${method} ${url}`);
    const [, kind = "", id = ""] = url.split("/");
    switch (`${method} ${kind}`) {
      case "GET queue":
        return this.progress(id);
      case "GET clusters":
        return id === ""
          ? json({ clusters: this.clusters.map((each) => each.id) })
          : found(this.clusters.find((each) => each.id === id));
      case "GET nodes":
        return found(this.nodes.find((each) => each.id === id));
      case "GET backup":
        return { status: 200, body: this.database };
      case "POST clusters":
        return this.addCluster();
      case "POST nodes":
        return this.addNode(JSON.parse(body) as Node);
      case "POST devices":
        return this.addDevice(JSON.parse(body) as { node: string; name: string });
      default:
        return { status: 404, body: "404 page not found" };
    }
  }

  /** @returns why a token is not taken */
  private refuses(authorization: string, request: string): string | undefined {
    const [head = "", claims = "", signature = ""] = authorization.replace(/^bearer /i, "").split(".");
    const right = createHmac("sha256", this.key).update(`${head}.${claims}`).digest("base64url");
    if (signature !== right) return "signature is invalid";
    const { iss, iat, exp, qsh } = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
      readonly [claim: string]: unknown;
    };
    const now = Date.now() / 1000;
    if (iss !== "admin" || typeof iat !== "number" || typeof exp !== "number") return "claims are missing";
    if (exp < now || iat > now + 120) return "token is expired or used before issued";
    return qsh === createHash("sha256").update(request).digest("hex") ? undefined : "Invalid qsh";
  }

  private progress(id: string): Reply {
    const job = this.queue.get(id);
    if (job === undefined) return { status: 404, body: "Id not found" };
    job.pending -= 1;
    return job.pending < 0 ? job.end : { status: 200, headers: { "X-Pending": "true" } };
  }

  private accepted(end: Reply): Reply {
    const id = this.id();
    this.queue.set(id, { pending: PENDING, end });
    return { status: 202, headers: { Location: `/queue/${id}` } };
  }

  private addCluster(): Reply {
    const cluster = { id: this.id(), nodes: [] };
    this.clusters.push(cluster);
    return { ...json(cluster), status: 201 };
  }

  private addNode(asked: Node): Reply {
    const [storage] = asked.hostnames.storage;
    if (this.nodes.some(({ hostnames }) => hostnames.storage.includes(storage ?? "")))
      return { status: 409, body: `Hostname ${storage ?? ""} already used` };
    const node = { ...asked, id: this.id(), devices: [] };
    this.nodes.push(node);
    this.clusters.find(({ id }) => id === asked.cluster)?.nodes.push(node.id);
    return this.accepted({ status: 303, headers: { Location: `/nodes/${node.id}` } });
  }

  private addDevice({ node, name }: { readonly node: string; readonly name: string }): Reply {
    if (this.badDevices.has(name))
      return this.accepted({ status: 500, body: `Can't initialize physical volume "${name}"` });
    this.nodes.find(({ id }) => id === node)?.devices.push({ id: this.id(), name });
    return this.accepted({ status: 204 });
  }

  private id(): string {
    this.ids += 1;
    return createHash("md5").update(String(this.ids)).digest("hex");
  }
}

function json(value: unknown): Reply {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

function found(value: object | undefined): Reply {
  return value === undefined ? { status: 404, body: "Id not found" } : json(value);
}
