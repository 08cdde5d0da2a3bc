/** Image of Traefik. */
import type { PinnedImages } from "../../../environment/parts/images";

export const IMAGES = {
  controller: { repository: "traefik", tag: "v3.7.10" },
} as const satisfies PinnedImages;
