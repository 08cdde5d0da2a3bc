/** Python alone, for the lab's own small programs in the cluster. */
import type { PinnedImage } from "./images";

export const PYTHON_IMAGE = {
  repository: "python",
  tag: "3.13.9-slim-bookworm",
} as const satisfies PinnedImage;
