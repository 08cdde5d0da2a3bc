/** Images of Flannel. */
import type { PinnedImages } from "../../../environment/parts/images";

export const FLANNEL_IMAGES = {
  flannel: { repository: "ghcr.io/flannel-io/flannel", tag: "v0.28.9" },
  /** The program that containerd calls; it has a release of its own. */
  plugin: { repository: "ghcr.io/flannel-io/flannel-cni-plugin", tag: "v1.9.1-flannel3" },
} as const satisfies PinnedImages;
