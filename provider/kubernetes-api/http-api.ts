/** One request to an API server over HTTPS, and what an unexpected answer means. */
import { request } from "node:http";
import type { OutgoingHttpHeaders, RequestOptions } from "node:http";

import { connectCluster, ProxyError } from "./connect";
import { CredentialError } from "./exec-program";
import type { Proof } from "./exec-program";
import { json, textOf } from "./json-fields";
import type { ClusterAccess } from "./kubeconfig";
import { discard, proofOf, renews } from "./proof";
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

/** A request as it is sent, with the proof of identity. */
export interface SentRequest {
  readonly method: Ask["method"];
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How requests reach an API server. */
export interface Sender {
  /** @throws if there is no answer */
  send(request: SentRequest, signal: AbortSignal): Promise<Answer>;
  /** Another certificate is used from now on. */
  renew(): void;
}

/**
 * A credential that was refused is renewed once, if the kubeconfig names a program or a file for it.
 * @param sender keeps connections for further requests. @default a connection for this request only
 * @throws if there is no answer; {@link failureOf} explains why
 */
export async function ask(
  access: ClusterAccess,
  request: Ask,
  signal: AbortSignal,
  sender: Sender = new SingleConnection(access),
): Promise<Answer> {
  const proof = await proofOf(access);
  const answer = await sender.send(sentRequest(proof, request), signal);
  if (answer.status !== 401 || !renews(access.credentials)) return answer;
  await discard(access, proof);
  // Kept connections have the certificate with which they were opened.
  if (proof.kind === "certificate") sender.renew();
  return sender.send(sentRequest(await proofOf(access), request), signal);
}

function sentRequest(
  proof: Proof,
  { method, path, body, contentType = CONTENT_TYPES[method], accept = "application/json" }: Ask,
): SentRequest {
  const authorization = proof.kind === "token" ? { authorization: `Bearer ${proof.token}` } : {};
  const headers = { accept, ...authorization };
  if (body === undefined) return { method, path, headers };
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  return { method, path, headers: { ...headers, "content-type": contentType }, body: sent };
}

/** A connection for each request. */
class SingleConnection implements Sender {
  constructor(private readonly access: ClusterAccess) {}

  async send({ method, path, headers, body }: SentRequest, signal: AbortSignal): Promise<Answer> {
    const url = new URL(this.access.server + path);
    const socket = await connectCluster(this.access, signal);
    const own: OutgoingHttpHeaders = {
      ...headers,
      host: url.host,
      connection: "close",
      ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
    };
    const createConnection = (): typeof socket => socket;
    const where = { createConnection, method, path: url.pathname + url.search };
    return answered({ ...where, headers: own, signal }, body);
  }

  renew(): void {
    // The next request opens its own connection, with the new certificate.
  }
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

/** Names of errors; the last two are undici's. */
const TIMES_OUT: ReadonlySet<string> = new Set([
  "TimeoutError",
  "AbortError",
  "HeadersTimeoutError",
  "BodyTimeoutError",
]);

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
  if (error instanceof CredentialError) return { kind: "refused", answer: message, check: error.check };
  if (error instanceof ProxyError) return { kind: "waiting", answer: message };
  if (TIMES_OUT.has(name)) return { kind: "waiting", answer: "no answer in time" };
  return { kind: "waiting", answer: message };
}
