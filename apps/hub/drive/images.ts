/** The images of a drive, at the newest release of jupyterhub-home-nfs. */
import type { PinnedImages } from "../../../environment/parts/images";

export const DRIVE_IMAGES = {
  ganesha: { repository: "ghcr.io/2i2c-org/nfs-ganesha", tag: "1.2.0" },
  /** Python and the programs of XFS, in which the drive's own program runs. */
  homes: { repository: "ghcr.io/2i2c-org/jupyterhub-home-nfs", tag: "1.2.0" },
} as const satisfies PinnedImages;
