/** Names by which Services, MetalLB and its programs find each other. */

/** Class of Services that MetalLB serves; the cloud controller manager leaves them alone. */
export const METALLB_CLASS = "labstead.dev/metallb";
/** The pool of the ingress controller's address. */
export const INGRESS_POOL = "ingress";
/** Deployment that gives addresses to Services. */
export const METALLB_CONTROLLER = "metallb-controller";
