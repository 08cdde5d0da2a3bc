/** Dates that are stored only in the cluster: annotations of its nodes, and certificates in its Secrets. */
import { z } from "zod";
import { get, failureOf, unexpectedAnswer } from "../../provider/kubernetes-api/http-api";
import { parseKubeconfig, type ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import type { ProbeFailure } from "../../provider/kubernetes-api/probe-failure";
import type { ReadText } from "./read-text";

export type ClusterAnswer =
  | {
      readonly kind: "seen";
      /** Annotations by node. */
      readonly nodes: ReadonlyMap<string, Readonly<Record<string, string>>>;
      /** PEM, by `namespace/name` of the Secret. */
      readonly certificates: ReadonlyMap<string, ReadText>;
    }
  | { readonly kind: "unread"; readonly why: string };

export interface TlsSecretName {
  readonly namespace: string;
  readonly name: string;
}

/** Timeout of the API, in milliseconds. */
const ANSWER_TIMEOUT = 5_000;

const nodeList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        annotations: z.record(z.string(), z.string()).default({}),
      }),
    }),
  ),
});
const tlsSecret = z.object({ data: z.object({ "tls.crt": z.string() }) });

/** Reads the nodes, then these Secrets, of which only the certificate is returned. */
export async function readCluster(
  kubeconfig: string,
  secrets: readonly TlsSecretName[],
): Promise<ClusterAnswer> {
  const access = parseKubeconfig(kubeconfig);
  const nodes = await asked(access, "/api/v1/nodes", "nodes", nodeList);
  if (nodes.kind === "unread") return nodes;
  const certificates = new Map<string, ReadText>();
  for (const { namespace, name } of secrets) {
    const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
    const found = await asked(access, path, "secrets", tlsSecret);
    certificates.set(`${namespace}/${name}`, found.kind === "unread" ? found : certificateOf(found.value));
  }
  return {
    kind: "seen",
    nodes: new Map(nodes.value.items.map(({ metadata }) => [metadata.name, metadata.annotations])),
    certificates,
  };
}

function certificateOf({ data }: z.output<typeof tlsSecret>): ReadText {
  return { kind: "text", text: Buffer.from(data["tls.crt"], "base64").toString() };
}

type Answer<T> =
  { readonly kind: "answer"; readonly value: T } | { readonly kind: "unread"; readonly why: string };

async function asked<T>(
  access: ClusterAccess,
  path: string,
  things: string,
  shape: z.ZodType<T>,
): Promise<Answer<T>> {
  try {
    const answer = await get(access, path, AbortSignal.timeout(ANSWER_TIMEOUT));
    if (answer.status !== 200) return unread(unexpectedAnswer(answer, things));
    const read = shape.safeParse(JSON.parse(answer.body));
    return read.success
      ? { kind: "answer", value: read.data }
      : { kind: "unread", why: `${access.server} answers something else than ${things}` };
  } catch (error) {
    return unread(failureOf(error, access));
  }
}

function unread(failure: ProbeFailure): Extract<ClusterAnswer, { kind: "unread" }> {
  const check = failure.kind === "refused" ? `; check ${failure.check}` : "";
  return { kind: "unread", why: `the cluster does not answer: ${failure.answer}${check}` };
}
