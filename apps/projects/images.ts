/** The image beside those of stacks, which are in their table. */
import type { PinnedImage } from "../../environment/parts/images";

/** Makes the folder of a notebook before it starts. */
export const FOLDERS_IMAGE: PinnedImage = { repository: "busybox", tag: "1.37.0" };
