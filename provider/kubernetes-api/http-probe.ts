/** The probe of a real cluster: HTTPS to its API server. */
import { get, failureOf, unexpectedAnswer } from "./http-api";
import type { Answer } from "./http-api";
import { fieldOf, json, textOf } from "./json-fields";
import type { Observation, ProbeTarget } from "../cluster-ready/probe";
import type { ProbeFailure } from "./probe-failure";

/** Requests /readyz, the version, the cluster's identity, and the nodes if any are required. */
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
    return failureOf(error, access);
  }
}

function notReady(answer: Answer): ProbeFailure {
  return unexpectedAnswer(answer, "/readyz, kube-system or the nodes");
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
