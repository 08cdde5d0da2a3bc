/** Separate, so that checks of an environment load no chart. */
export const CINDER_CSI_NAMESPACE = "cinder-csi";
