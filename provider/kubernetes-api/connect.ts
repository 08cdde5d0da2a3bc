/** TLS connections to an API server: directly, or through the HTTP or SOCKS5 proxy of a kubeconfig's `proxy-url`. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp, isIP } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { TLSSocket } from "node:tls";

import type { ClusterAccess } from "./kubeconfig";
import { proofOf } from "./proof";

interface Address {
  readonly host: string;
  readonly port: number;
}

/** A connection whose certificate has been verified. @throws if anything on the route fails, or on abort */
export async function connectCluster(access: ClusterAccess, signal: AbortSignal): Promise<TLSSocket> {
  const url = new URL(access.server);
  const target: Address = { host: bare(url.hostname), port: Number(url.port || "443") };
  const socket = await reach(target, access.proxy, signal);
  const name = access.serverName ?? target.host;
  const proof = await proofOf(access);
  const tls = connectTls({
    socket,
    host: name,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(access.ca === undefined ? {} : { ca: access.ca }),
    ...(proof.kind === "certificate" ? { cert: proof.certificate, key: proof.key } : {}),
  });
  return connected(tls, "secureConnect", signal);
}

function reach(target: Address, proxy: URL | undefined, signal: AbortSignal): Promise<Socket> {
  if (proxy === undefined) return connected(connectTcp(target), "connect", signal);
  return proxy.protocol === "socks5:"
    ? throughSocks(target, proxy, signal)
    : throughHttp(target, proxy, signal);
}

function connected<S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const abort = (): void => fail(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    socket.once("error", fail);
    socket.once(event, () => {
      signal.removeEventListener("abort", abort);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

/** With the CONNECT method. */
function throughHttp(target: Address, proxy: URL, signal: AbortSignal): Promise<Socket> {
  const { username, password, hostname, port, protocol } = proxy;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    "base64",
  );
  const path = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const secure = protocol === "https:";
  const asked = (secure ? httpsRequest : httpRequest)({
    host: bare(hostname),
    port: Number(port || (secure ? "443" : "80")),
    method: "CONNECT",
    path,
    headers: { host: path, ...(username === "" ? {} : { "proxy-authorization": `Basic ${login}` }) },
    signal,
  });
  return new Promise((resolve, reject) => {
    asked.once("connect", (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(
          new ProxyError(`the proxy answers ${response.statusCode ?? 0} ${response.statusMessage ?? ""}`),
        );
      }
    });
    asked.once("response", (response) => {
      response.destroy();
      reject(new ProxyError(`the proxy answers ${response.statusCode ?? 0}`));
    });
    asked.once("error", (error) => reject(new ProxyError(`the proxy does not answer: ${error.message}`)));
    asked.end();
  });
}

/** A failure between here and the proxy, or at the proxy. */
export class ProxyError extends Error {}

/** Replies of a SOCKS5 server that does not connect. Source: RFC 1928, section 6. */
const SOCKS_REPLIES: Readonly<Record<number, string>> = {
  1: "general failure",
  2: "not allowed by its rules",
  3: "network unreachable",
  4: "host unreachable",
  5: "connection refused",
  6: "time to live expired",
};

/** SOCKS5 without authentication (RFC 1928), as `ssh -D` offers it. The proxy resolves the name. */
export async function throughSocks(target: Address, proxy: URL, signal: AbortSignal): Promise<Socket> {
  if (proxy.username !== "")
    throw new ProxyError("SOCKS5 with a user name is not supported; use one without");
  const address = { host: bare(proxy.hostname), port: Number(proxy.port || "1080") };
  const socket = await connected(connectTcp(address), "connect", signal).catch((error: unknown) => {
    throw new ProxyError(`the proxy does not answer: ${(error as Error).message}`);
  });
  const read = reader(socket, signal);
  try {
    socket.write(Uint8Array.of(5, 1, 0));
    const [version, method] = await read(2);
    if (version !== 5 || method !== 0)
      throw new ProxyError("the proxy wants another protocol than SOCKS5 without login");
    const host = Buffer.from(target.host, "utf8");
    socket.write(Buffer.concat([Uint8Array.of(5, 1, 0, 3, host.length), host, portBytes(target.port)]));
    const [, reply = 1, , kind] = await read(4);
    if (reply !== 0)
      throw new ProxyError(`the proxy cannot connect: ${SOCKS_REPLIES[reply] ?? `reply ${reply}`}`);
    const [first = 0] = await read(1);
    await read((kind === 1 ? 3 : kind === 4 ? 15 : first) + 2);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function portBytes(port: number): Uint8Array {
  return Uint8Array.of(port >> 8, port & 255);
}

/** Reads exactly this number of bytes; further bytes stay in the socket. */
function reader(socket: Socket, signal: AbortSignal): (length: number) => Promise<Buffer> {
  return (length) =>
    new Promise((resolve, reject) => {
      const settle = (work: () => void): void => {
        for (const event of ["readable", "close", "error"]) socket.removeListener(event, look);
        signal.removeEventListener("abort", look);
        work();
      };
      const look = (): void => {
        if (signal.aborted) {
          settle(() => reject(signal.reason as Error));
          return;
        }
        const bytes = socket.read(length) as Buffer | null;
        if (bytes !== null) settle(() => resolve(bytes));
        else if (socket.destroyed) settle(() => reject(new ProxyError("the proxy closes the connection")));
      };
      for (const event of ["readable", "close", "error"]) socket.on(event, look);
      signal.addEventListener("abort", look);
      look();
    });
}

/** An IPv6 address without the brackets of a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
