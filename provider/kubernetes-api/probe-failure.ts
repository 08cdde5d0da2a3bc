/** Why a cluster does not answer a request as expected. */
export type ProbeFailure =
  /** Temporary: nothing listens yet, etcd is starting, nodes are still joining. */
  | { readonly kind: "waiting"; readonly answer: string }
  /** Rarely temporary: a certificate of another authority, a refused user. */
  | { readonly kind: "refused"; readonly answer: string; readonly check: string };

export function isProbeFailure(answer: { readonly kind: string }): answer is ProbeFailure {
  return answer.kind === "waiting" || answer.kind === "refused";
}
