/** Why a cluster does not say what it was asked. */
export type ProbeFailure =
  /** May pass by itself: nothing listens yet, etcd is starting, nodes are still joining. */
  | { readonly kind: "waiting"; readonly answer: string }
  /** Seldom passes: a certificate of somebody else, a refused user. */
  | { readonly kind: "refused"; readonly answer: string; readonly check: string };
