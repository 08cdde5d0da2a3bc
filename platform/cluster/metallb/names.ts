/** Names by which Services and MetalLB find each other. */

/** Class of Services that MetalLB serves; the cloud controller manager leaves them alone. */
export const METALLB_CLASS = "labstead.io/metallb";
/** The pool of the ingress controller's address. */
export const INGRESS_POOL = "ingress";
