/** Limits of requests through the ingress controller, as configuration and applications write them. */

/** In Kubernetes' notation: `50Mi`. */
export type BodySize = `${number}Mi` | `${number}Gi`;

/** For routes that set none of their own. */
export interface RequestLimits {
  /** Largest body of a request. */
  readonly bodySize: BodySize;
  readonly timeouts: {
    /** To connect to a pod. */
    readonly connectSeconds: number;
    /** Between two reads from an application. */
    readonly readSeconds: number;
    /** Between two writes to an application. */
    readonly sendSeconds: number;
  };
}

/** ingress-nginx's own. */
export const DEFAULT_LIMITS: RequestLimits = {
  bodySize: "1Mi",
  timeouts: { connectSeconds: 5, readSeconds: 60, sendSeconds: 60 },
};

/** A size in nginx's notation: `50m`. */
export function nginxSize(size: BodySize): string {
  return size.replace(/i$/, "").toLowerCase();
}
