/** Images of Calico, all of one release. */
import type { PinnedImages } from "../../../environment/parts/images";

const tag = "v3.32.1";

export const CALICO_IMAGES = {
  node: { repository: "quay.io/calico/node", tag },
  cni: { repository: "quay.io/calico/cni", tag },
  controllers: { repository: "quay.io/calico/kube-controllers", tag },
} as const satisfies PinnedImages;

/** Only in clusters with many nodes. */
export const TYPHA_IMAGES = {
  typha: { repository: "quay.io/calico/typha", tag },
} as const satisfies PinnedImages;
