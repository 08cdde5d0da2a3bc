/** Images of MetalLB. */
import type { PinnedImages } from "../../../environment/parts/images";

export const METALLB_IMAGES = {
  controller: { repository: "quay.io/metallb/controller", tag: "v0.16.1" },
  speaker: { repository: "quay.io/metallb/speaker", tag: "v0.16.1" },
} as const satisfies PinnedImages;
