/** A small HTTPS server on loopback with a CA of its own, answering as an API server does; and proxies before it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import type { IncomingMessage } from "node:http";
import { connect, createServer as createTcp } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runs } from "../lab/host/programs";

runs("openssl");

export const CLUSTER_UID = "0c7b3a52-6a3e-4a77-9df2-5b1c8f0e7a11";

export interface Authority {
  readonly certificate: string;
  /** A certificate for `127.0.0.1` and `kubernetes.lab`, or for a client. */
  issue(name: string): { readonly cert: string; readonly key: string };
  remove(): void;
}

/** A CA made by openssl. */
export function authority(name: string): Authority {
  const folder = mkdtempSync(join(tmpdir(), "labstead-ca-"));
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-subj", `/CN=${name}`);
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return {
    certificate: read("ca.crt"),
    issue: (subject) => {
      writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1,DNS:kubernetes.lab\n");
      openssl("req", ...key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", `/CN=${subject}`);
      const signing = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1"];
      openssl("x509", "-req", "-in", "leaf.csr", ...signing, "-extfile", "names", "-out", "leaf.crt");
      return { cert: read("leaf.crt"), key: read("leaf.key") };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

export interface ApiServer {
  readonly port: number;
  /** What was asked, in order. */
  readonly asked: string[];
  /** Status and text for /readyz from now on; text by number of call where it is a list. */
  readyz: readonly (readonly [number, string])[];
  nodes: readonly boolean[];
  /** Status and answer by path, before anything else. */
  readonly answers: Map<string, readonly [number, object]>;
  /** Bearer tokens of known clients. */
  readonly tokens: Set<string>;
  /** Whether client certificates are still accepted, by the common name of the subject. */
  accepts: (commonName: string) => boolean;
  /** Answers what it knows before all others, with further headers; the path comes decoded, the body as it was sent. */
  handle: (
    method: string,
    path: string,
    body: string,
  ) => readonly [number, object, Readonly<Record<string, string>>?] | undefined;
  /** TLS connections that clients opened. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Answers 401 to a client without a certificate of the same CA or a known token, as an API server does. */
export async function apiServer(ca: Authority): Promise<ApiServer> {
  const asked: string[] = [];
  let looks = 0;
  const server = createHttps(
    { ...ca.issue("kube-apiserver"), ca: ca.certificate, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      asked.push(request.url ?? "");
      const known = hasCertificate(request.socket) || self.tokens.has(bearer(request));
      let sent = "";
      request.on("data", (part: Buffer) => (sent += part.toString()));
      request.on("end", () => {
        const [status, body, headers] = known
          ? answer(request, sent)
          : [401, JSON.stringify({ message: "Unauthorized" })];
        response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
      });
    },
  );
  const hasCertificate = (socket: Socket): boolean =>
    socket instanceof TLSSocket && socket.authorized && self.accepts(socket.getPeerCertificate().subject.CN);
  let connections = 0;
  server.on("secureConnection", () => connections++);
  const answer = (
    { url = "", method = "" }: IncomingMessage,
    sent: string,
  ): readonly [number, string, Readonly<Record<string, string>>?] => {
    const handled = self.handle(method, decodeURIComponent(url), sent);
    if (handled !== undefined) return [handled[0], JSON.stringify(handled[1]), handled[2] ?? {}];
    const reported = self.answers.get(url);
    if (reported !== undefined) return [reported[0], JSON.stringify(reported[1])];
    if (url.startsWith("/readyz")) return self.readyz[looks++] ?? self.readyz.at(-1) ?? [200, "ok"];
    if (url === "/version") return [200, JSON.stringify({ gitVersion: "v1.36.3" })];
    if (url === "/api/v1/namespaces/kube-system")
      return [200, JSON.stringify({ metadata: { uid: CLUSTER_UID } })];
    if (url === "/api/v1/nodes") return [200, JSON.stringify({ items: self.nodes.map(node) })];
    return [404, JSON.stringify({ kind: "Status", reason: "NotFound" })];
  };
  const port = await listen(server);
  const self: ApiServer = {
    port,
    asked,
    readyz: [[200, "ok"]],
    nodes: [],
    answers: new Map(),
    tokens: new Set(),
    accepts: () => true,
    handle: () => undefined,
    connections: () => connections,
    close: () => close(server),
  };
  return self;
}

function bearer({ headers }: IncomingMessage): string {
  return (headers.authorization ?? "").replace(/^Bearer /, "");
}

function node(ready: boolean, index: number): object {
  const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
  return { metadata: { name: `worker-${index}` }, status: { conditions } };
}

/** An HTTP proxy for CONNECT; `refuses` makes it answer 403. */
export async function httpProxy(
  refuses = false,
): Promise<{ port: number; seen: string[]; close(): Promise<void> }> {
  const seen: string[] = [];
  const server = createHttp();
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    seen.push(`${request.url ?? ""} ${request.headers["proxy-authorization"] ?? ""}`.trim());
    if (refuses) {
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const port = Number((request.url ?? "").split(":").at(-1));
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    bindErrors(client, upstream);
  });
  return { port: await listen(server), seen, close: () => close(server) };
}

/** A SOCKS5 proxy without login; it resolves every name to loopback. `reply` other than 0 refuses. */
export async function socksProxy(
  reply = 0,
): Promise<{ port: number; seen: string[]; close(): Promise<void> }> {
  const seen: string[] = [];
  const server = createTcp((client) => {
    client.on("error", () => undefined);
    client.once("data", () => {
      client.write(Uint8Array.of(5, 0));
      client.once("data", (request: Buffer) => {
        const length = request[4] ?? 0;
        const host = request.subarray(5, 5 + length).toString();
        const port = request.readUInt16BE(5 + length);
        seen.push(`${host}:${port}`);
        const answer = Uint8Array.of(5, reply, 0, 1, 127, 0, 0, 1, 0, 0);
        if (reply !== 0) {
          client.end(answer);
          return;
        }
        const upstream = connect(port, "127.0.0.1", () => {
          client.write(answer);
          upstream.pipe(client).pipe(upstream);
        });
        bindErrors(client, upstream);
      });
    });
  });
  return { port: await listen(server), seen, close: () => close(server) };
}

function bindErrors(one: Socket, other: Socket): void {
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}

const open = new WeakMap<Server, Set<Socket>>();

function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  open.set(server, sockets);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );
}

function close(server: Server): Promise<void> {
  for (const socket of open.get(server) ?? []) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A kubeconfig for a server of a CA, with further fields of its cluster. */
export function kubeconfig(ca: Authority, server: string, cluster: object = {}, client = ca): string {
  const { cert, key } = client.issue("admin");
  const user = { "client-certificate-data": base64(cert), "client-key-data": base64(key) };
  return kubeconfigOf(ca, server, user, cluster);
}

/** Likewise, with another user. */
export function kubeconfigOf(ca: Authority, server: string, user: object, cluster: object = {}): string {
  return JSON.stringify({
    "current-context": "admin",
    contexts: [{ name: "admin", context: { cluster: "lab", user: "admin" } }],
    clusters: [
      { name: "lab", cluster: { server, "certificate-authority-data": base64(ca.certificate), ...cluster } },
    ],
    users: [{ name: "admin", user }],
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
