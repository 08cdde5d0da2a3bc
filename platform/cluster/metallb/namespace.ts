/** MetalLB's namespace. */
export const METALLB_NAMESPACE = "metallb-system";
