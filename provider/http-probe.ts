/** The probe of a real cluster: HTTPS to its API server. */
import { request } from "node:http";

import { connectCluster, ProxyError } from "./connect";
import type { Observation, ProbeTarget } from "./cluster-ready/probe";
import type { ClusterAccess } from "./kubeconfig";

/** Longest answer that is read, in bytes: a list of a thousand nodes' metadata is about 10 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Characters of an unexpected answer that are shown. */
const SHOWN = 300;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks /readyz, the version, the cluster's identity, and the nodes if any are wanted. */
export async function httpProbe(target: ProbeTarget): Promise<Observation> {
  const { access, signal, nodes } = target;
  try {
    const ready = await get(access, "/readyz?verbose", signal);
    if (ready.status !== 200) return notReady(ready);
    const version = await get(access, "/version", signal);
    const system = await get(access, "/api/v1/namespaces/kube-system", signal);
    const joined = nodes === 0 ? undefined : await get(access, "/api/v1/nodes", signal);
    const failed = [version, system, ...(joined === undefined ? [] : [joined])].find(
      ({ status }) => status !== 200,
    );
    if (failed !== undefined) return notReady(failed);
    const missing = joined === undefined ? undefined : nodesMissing(joined.body, nodes);
    return (
      missing ?? {
        kind: "ready",
        serverVersion: textOf(json(version.body), "gitVersion"),
        clusterId: textOf(fieldOf(json(system.body), "metadata"), "uid"),
      }
    );
  } catch (error) {
    return unreachable(error, access);
  }
}

async function get(access: ClusterAccess, path: string, signal: AbortSignal): Promise<Answer> {
  const url = new URL(access.server + path);
  const socket = await connectCluster(access, signal);
  const { credentials } = access;
  const headers = {
    host: url.host,
    accept: "application/json",
    connection: "close",
    ...(credentials.kind === "token" ? { authorization: `Bearer ${credentials.token}` } : {}),
  };
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      path: url.pathname + url.search,
      headers,
      signal,
    });
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
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") }),
      );
    });
    asked.end();
  });
}

function notReady({ status, body }: Answer): Observation {
  const answer = `HTTP ${status}: ${summary(body)}`;
  if (status === 401)
    return {
      kind: "refused",
      answer,
      check: "the kubeconfig's user: its certificate or token is not of this cluster, or has expired",
    };
  if (status === 403)
    return {
      kind: "refused",
      answer,
      check: "the kubeconfig's user: it may not read /readyz, kube-system or the nodes",
    };
  return { kind: "waiting", answer };
}

/** The message of a Status, or the checks of /readyz that failed, or the beginning of whatever came. */
function summary(body: string): string {
  const message = body.startsWith("{") ? textOf(json(body), "message") : "";
  const failed = body.split("\n").filter((line) => line.startsWith("[-]"));
  const shown = message || failed.join(", ") || body.trim().replaceAll(/\s+/g, " ") || "no text";
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
}

function nodesMissing(body: string, wanted: number): Observation | undefined {
  const items = fieldOf(json(body), "items");
  const all = Array.isArray(items) ? items : [];
  const waiting = all
    .filter((node) => !isReady(node))
    .map((node) => textOf(fieldOf(node, "metadata"), "name"));
  const ready = all.length - waiting.length;
  if (ready >= wanted) return undefined;
  const names = waiting.length === 0 ? "" : `; not ready: ${waiting.slice(0, 10).join(", ")}`;
  return { kind: "waiting", answer: `${ready} of ${wanted} nodes are ready${names}` };
}

function isReady(node: unknown): boolean {
  const conditions = fieldOf(fieldOf(node, "status"), "conditions");
  return (
    Array.isArray(conditions) &&
    conditions.some((each) => textOf(each, "type") === "Ready" && textOf(each, "status") === "True")
  );
}

/** Codes of certificates that are somebody else's. Source: Node.js, "X509 certificate error codes". */
const FOREIGN_CA: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_SIGNATURE_FAILURE",
]);

function unreachable(error: unknown, access: ClusterAccess): Observation {
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

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function textOf(value: unknown, name: string): string {
  const found = fieldOf(value, name);
  return typeof found === "string" ? found : "";
}
