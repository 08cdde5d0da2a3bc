/** The namespace probe of a real cluster: HTTPS to its API server. */
import { get, isNotFound, failureOf, unexpectedAnswer } from "./http-api";
import { fieldOf, json, textOf } from "./json-fields";
import { ENVIRONMENT_LABEL, namespacePath, TENANT_OBJECTS } from "../tenant-protection/probe";
import type { NamespaceObservation, NamespaceTarget, TenantObject } from "../tenant-protection/probe";
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
  if (isNotFound(answer)) return { kind: "absent" };
  if (answer.status !== 200) return unexpectedAnswer(answer, "namespaces");
  const metadata = fieldOf(json(answer.body), "metadata");
  // A 200 answer that is not a namespace, such as a portal's, is not conclusive.
  if (textOf(metadata, "name") !== target.namespace)
    return { kind: "waiting", answer: "this is no namespace" };
  const objects = target.listObjects ? await objectsIn(target) : [];
  if (!Array.isArray(objects)) return objects;
  return {
    kind: "present",
    environment: textOf(fieldOf(metadata, "labels"), ENVIRONMENT_LABEL),
    terminating: textOf(metadata, "deletionTimestamp") !== "",
    objects,
  };
}

async function objectsIn({
  access,
  namespace,
  signal,
}: NamespaceTarget): Promise<TenantObject[] | ProbeFailure> {
  const found: TenantObject[] = [];
  for (const kind of TENANT_OBJECTS) {
    const answer = await get(access, `${namespacePath(namespace)}/${kind}?limit=1`, signal);
    if (answer.status !== 200) return unexpectedAnswer(answer, kind);
    const items = fieldOf(json(answer.body), "items");
    if (Array.isArray(items) && items.length > 0) found.push(kind);
  }
  return found;
}
