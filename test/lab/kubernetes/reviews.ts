/** What somebody may do, as the API server itself says it. */
import type { JsonObject, Manifest } from "../../../deploy/manifest";
import { said, type ApiClient } from "./api-client";

interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface RulesStatus {
  readonly resourceRules: readonly ResourceRule[];
  readonly nonResourceRules: readonly {
    readonly verbs: readonly string[];
    readonly nonResourceURLs?: readonly string[];
  }[];
}

/** Every right in a namespace: `get apps/deployments`, `update /services ingress-nginx-test`, `get /healthz`. */
export async function rightsIn(client: ApiClient, namespace: string): Promise<ReadonlySet<string>> {
  const { resourceRules, nonResourceRules } = (await review(client, "SelfSubjectRulesReview", {
    namespace,
  })) as JsonObject & RulesStatus;
  const onObjects = resourceRules.flatMap(({ verbs, apiGroups = [], resources = [], resourceNames = [""] }) =>
    products(verbs, apiGroups, resources, resourceNames).map(([verb, group, resource, name]) =>
      `${verb} ${group}/${resource} ${name}`.trim(),
    ),
  );
  const onPaths = nonResourceRules.flatMap(({ verbs, nonResourceURLs = [] }) =>
    products(verbs, nonResourceURLs).map(([verb, path]) => `${verb} ${path}`),
  );
  return new Set([...onObjects, ...onPaths]);
}

/** What a question is about: a verb, a resource with its group, and where. */
export interface Question {
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Whether somebody may, by a SelfSubjectAccessReview. */
export async function may(client: ApiClient, question: Question): Promise<boolean> {
  const status = await review(client, "SelfSubjectAccessReview", { resourceAttributes: question });
  return status["allowed"] === true;
}

async function review(client: ApiClient, kind: string, spec: object): Promise<JsonObject> {
  const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
  const answer = await client.ask("POST", path, { apiVersion: "authorization.k8s.io/v1", kind, spec });
  if (answer.status !== 201) throw new Error(said(answer));
  return answer.body["status"] as JsonObject;
}

/** A service account, as Kubernetes knows its pods. */
export function serviceAccount(admin: ApiClient, namespace: string, name: string): ApiClient {
  return admin.as({
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  });
}

/** Waits until a right that was just given is in force. */
export async function untilMay(client: ApiClient, question: Question): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await may(client, question))) {
    if (Date.now() > deadline) throw new Error(`not allowed: ${JSON.stringify(question)}`);
  }
}

/** Waits until an admission policy that was just made is in force. */
export async function untilRefused(client: ApiClient, manifest: Manifest, text: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!said(await client.create(manifest, { dryRun: "All" })).includes(text)) {
    if (Date.now() > deadline) throw new Error(`not refused: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function products(...lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.reduce<readonly (readonly string[])[]>(
    (made, list) => made.flatMap((start) => list.map((item) => [...start, item])),
    [[]],
  );
}
