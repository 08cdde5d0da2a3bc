/** The images of a Tango control system: those that the SKA's own charts run (SKA). */
import type { PinnedImages } from "../../environment/parts/images";

export const TANGO_IMAGES = {
  database: { repository: "artefact.skao.int/ska-tango-images-tango-db", tag: "11.0.2" },
  databaseds: { repository: "artefact.skao.int/ska-tango-images-tango-cpp", tag: "9.5.0" },
  dsconfig: { repository: "artefact.skao.int/ska-tango-images-tango-dsconfig", tag: "1.5.13" },
} as const satisfies PinnedImages;
