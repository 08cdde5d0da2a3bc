/** One request to an API server over HTTPS, and what an unexpected answer means. */
import { request } from "node:http";
import type { Agent, RequestOptions } from "node:http";

import { connectCluster, ProxyError } from "./connect";
import type { ClusterAccess } from "./kubeconfig";
import type { ProbeFailure } from "./probe-failure";

/** Longest answer that is read, in bytes: a list of a thousand nodes' metadata is about 10 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Number of characters of an unexpected answer that are shown. */
const SHOWN = 300;

/** How the API reads a body. */
const CONTENT_TYPES: Readonly<Record<Ask["method"], string>> = {
  GET: "application/json",
  POST: "application/json",
  PATCH: "application/merge-patch+json",
  DELETE: "application/json",
};

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Seconds to wait before the request is repeated, as the server requests; undefined if it does not. */
  readonly retryAfter?: number;
}

/** One request. */
export interface Ask {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** Sent as JSON, a string unchanged; with PATCH it is merged. */
  readonly body?: object | string;
  /** How the API reads the body. @default by the method */
  readonly contentType?: string;
  /** @default application/json */
  readonly accept?: string;
}

/** @throws if there is no answer; {@link failureOf} explains why */
export function get(access: ClusterAccess, path: string, signal: AbortSignal): Promise<Answer> {
  return ask(access, { method: "GET", path }, signal);
}

/**
 * @param agent keeps connections for further requests. @default a connection for this request only
 * @throws if there is no answer; {@link failureOf} explains why
 */
export async function ask(
  access: ClusterAccess,
  { method, path, body, contentType = CONTENT_TYPES[method], accept = "application/json" }: Ask,
  signal: AbortSignal,
  agent?: Agent,
): Promise<Answer> {
  const url = new URL(access.server + path);
  const { credentials } = access;
  const sent = typeof body === "object" ? JSON.stringify(body) : body;
  const headers = {
    host: url.host,
    accept,
    ...(agent === undefined ? { connection: "close" } : {}),
    ...(credentials.kind === "token" ? { authorization: `Bearer ${credentials.token}` } : {}),
    ...(sent === undefined ? {} : { "content-type": contentType }),
    ...(sent === undefined ? {} : { "content-length": Buffer.byteLength(sent) }),
  };
  const connection = agent === undefined ? await ownConnection(access, signal) : { agent };
  return answered({ ...connection, method, path: url.pathname + url.search, headers, signal }, sent);
}

async function ownConnection(access: ClusterAccess, signal: AbortSignal): Promise<RequestOptions> {
  const socket = await connectCluster(access, signal);
  return { createConnection: () => socket };
}

function answered(options: RequestOptions, sent: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(options);
    asked.once("error", reject);
    asked.once("response", (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on("data", (part: Buffer) => {
        length += part.length;
        parts.push(part);
        if (length > MAX_ANSWER_BYTES) response.destroy(new Error("the answer is too long"));
      });
      response.once("error", reject);
      response.once("end", () => {
        const retryAfter = Number(response.headers["retry-after"]);
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(parts).toString("utf8"),
          ...(retryAfter > 0 ? { retryAfter } : {}),
        });
      });
    });
    asked.end(sent);
  });
}

/**
 * What an unexpected answer means.
 * @param things that the kubeconfig's user must be allowed to read
 */
export function unexpectedAnswer({ status, body }: Answer, things: string): ProbeFailure {
  const answer = `HTTP ${status}: ${summary(body)}`;
  if (status === 401)
    return {
      kind: "refused",
      answer,
      check: "the kubeconfig's user: its certificate or token is not of this cluster, or has expired",
    };
  if (status === 403)
    return { kind: "refused", answer, check: `the kubeconfig's user: it may not read ${things}` };
  return { kind: "waiting", answer };
}

/** The message of a Status, or the failed checks of /readyz, or the start of the body. */
function summary(body: string): string {
  const message = body.startsWith("{") ? textOf(json(body), "message") : "";
  const failed = body.split("\n").filter((line) => line.startsWith("[-]"));
  const shown = message || failed.join(", ") || body.trim().replaceAll(/\s+/g, " ") || "no text";
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
}

/** Error codes for certificates of another authority. Source: Node.js, "X509 certificate error codes". */
const FOREIGN_CA: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_SIGNATURE_FAILURE",
]);

/** Whether the API server itself reports that the object does not exist: a 404 of a proxy on the route is no proof. */
export function isNotFound({ status, body }: Answer): boolean {
  return status === 404 && textOf(json(body), "reason") === "NotFound";
}

/** What an error between here and the API server means. */
export function failureOf(error: unknown, access: ClusterAccess): ProbeFailure {
  const [message, name, code] = [textOf(error, "message"), textOf(error, "name"), textOf(error, "code")];
  if (FOREIGN_CA.has(code))
    return {
      kind: "refused",
      answer: `its certificate is not signed by the kubeconfig's CA (${code})`,
      check:
        "that the address is this cluster's, and that the kubeconfig is this cluster's and not an older one's",
    };
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return {
      kind: "refused",
      answer: message,
      check: `the kubeconfig's tls-server-name (${access.serverName ?? "not set"}): the certificate is for other names`,
    };
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return {
      kind: "refused",
      answer: message,
      check: "the clocks of this machine and of the control plane, then the certificate's dates",
    };
  if (error instanceof ProxyError) return { kind: "waiting", answer: message };
  if (name === "TimeoutError" || name === "AbortError")
    return { kind: "waiting", answer: "no answer in time" };
  return { kind: "waiting", answer: message };
}

/** The JSON of a body; undefined if it is none. */
export function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** The text of a field, or an empty one. */
export function textOf(value: unknown, name: string): string {
  const found = fieldOf(value, name);
  return typeof found === "string" ? found : "";
}
