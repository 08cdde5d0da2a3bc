/** Image of kube-network-policies. */
import type { PinnedImages } from "../../../environment/parts/images";

export const KUBE_NETWORK_POLICIES_IMAGES = {
  agent: { repository: "registry.k8s.io/networking/kube-network-policies", tag: "v1.1.1" },
} as const satisfies PinnedImages;
