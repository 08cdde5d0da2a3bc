/** Image of kube-router. */
import type { PinnedImages } from "../../../environment/parts/images";

export const KUBE_ROUTER_IMAGES = {
  kubeRouter: { repository: "docker.io/cloudnativelabs/kube-router", tag: "v2.11.1" },
} as const satisfies PinnedImages;
