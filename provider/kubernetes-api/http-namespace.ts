/** A look at a namespace of a real cluster: HTTPS to its API server. */
import { fieldOf, get, json, textOf, failureOf, unexpectedAnswer } from "./http-api";
import type { Answer } from "./http-api";
import { ENVIRONMENT_LABEL, namespacePath, SIGNS_OF_LIFE } from "../tenant-protection/probe";
import type { NamespaceObservation, NamespaceTarget, SignOfLife } from "../tenant-protection/probe";
import type { ProbeFailure } from "./probe-failure";

export async function httpNamespaceProbe(target: NamespaceTarget): Promise<NamespaceObservation> {
  try {
    return await look(target);
  } catch (error) {
    return failureOf(error, target.access);
  }
}

async function look(target: NamespaceTarget): Promise<NamespaceObservation> {
  const answer = await get(target.access, namespacePath(target.namespace), target.signal);
  if (saysNotFound(answer)) return { kind: "absent" };
  if (answer.status !== 200) return unexpectedAnswer(answer, "namespaces");
  const metadata = fieldOf(json(answer.body), "metadata");
  // Whatever answers 200 without being a namespace, such as a portal, says nothing about one.
  if (textOf(metadata, "name") !== target.namespace)
    return { kind: "waiting", answer: "this is no namespace" };
  const signs = target.inside ? await signsIn(target) : [];
  if (!Array.isArray(signs)) return signs;
  return {
    kind: "present",
    environment: textOf(fieldOf(metadata, "labels"), ENVIRONMENT_LABEL),
    terminating: textOf(metadata, "deletionTimestamp") !== "",
    signs,
  };
}

/** In an API server's own words: a 404 of anything else on the way is no proof. */
function saysNotFound({ status, body }: Answer): boolean {
  return status === 404 && textOf(json(body), "reason") === "NotFound";
}

async function signsIn({ access, namespace, signal }: NamespaceTarget): Promise<SignOfLife[] | ProbeFailure> {
  const found: SignOfLife[] = [];
  for (const kind of SIGNS_OF_LIFE) {
    const answer = await get(access, `${namespacePath(namespace)}/${kind}?limit=1`, signal);
    if (answer.status !== 200) return unexpectedAnswer(answer, kind);
    const items = fieldOf(json(answer.body), "items");
    if (Array.isArray(items) && items.length > 0) found.push(kind);
  }
  return found;
}
