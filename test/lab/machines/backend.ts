/** What answers outside the test machines: `backend.ts SETTINGS` with a list of listeners in JSON, until it is killed. */
import { createServer as http, type RequestListener, type Server } from "node:http";
import { createServer as https } from "node:https";
import { createServer as tcp, type Socket } from "node:net";

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Certificate and key, PEM; plain HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** What it answers, to every path but those in `paths`. `{client}` is whom the PROXY protocol names. */
  readonly says: string;
  /** Asks every connection for the PROXY protocol, version 2, as ingress-nginx does; others are dropped. */
  readonly proxied?: boolean;
  /** Status by path. @default 200 */
  readonly paths?: Readonly<Record<string, number>>;
}

/** Whom the PROXY protocol names, by the connection that said so. */
const clients = new Map<string, string>();

function connectionOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ""}:${String(remotePort)}`;
}

function answer({ says, paths = {} }: Listener): RequestListener {
  return (request, response) => {
    response.writeHead(paths[request.url ?? ""] ?? 200, { connection: "close" });
    response.end(says.replace("{client}", clients.get(connectionOf(request.socket)) ?? "nobody"));
  };
}

/** The protocol's own first twelve bytes; version, family and length follow (haproxy, doc/proxy-protocol.txt, 2.2). */
const SIGNATURE = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
const HEADER = 16;

/** Takes the header off and hands the rest to the server. */
function readHeader(socket: Socket, server: Server): void {
  const header = socket.read(HEADER) as Buffer | null;
  if (header === null) {
    if (!socket.destroyed) socket.once("readable", () => readHeader(socket, server));
    return;
  }
  if (!header.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    socket.destroy();
    return;
  }
  const length = header.readUInt16BE(14);
  const addresses = length === 0 ? Buffer.alloc(0) : (socket.read(length) as Buffer | null);
  const [command, family] = [header.readUInt8(12), header.readUInt8(13)];
  // 0x21: on behalf of a client; 0x20: a check. 0x11: TCP over IPv4.
  if (command === 0x21 && family === 0x11 && addresses !== null)
    clients.set(connectionOf(socket), [...addresses.subarray(0, 4)].join("."));
  server.emit("connection", socket);
}

function listen(each: Listener): void {
  const server = each.tls === undefined ? http(answer(each)) : https(each.tls, answer(each));
  if (each.proxied !== true) {
    server.listen(each.port, each.address);
    return;
  }
  const front = tcp((socket) => {
    socket.on("error", () => socket.destroy());
    readHeader(socket, server);
  });
  front.listen(each.port, each.address);
}

if (require.main === module) {
  const listeners = JSON.parse(process.argv[2] ?? "[]") as readonly Listener[];
  for (const each of listeners) listen(each);
}
