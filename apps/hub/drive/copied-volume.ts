/** A drive's volume, as jobs copy the files on it and put them back. */
import type { IPersistentVolumeClaim } from "cdk8s-plus-27";
import { selectorOf } from "../../../kit";
import { HOME_VARIABLES, type HomesVolume } from "../home-copies/home-copies";
import { coreScheduling } from "../node-purposes";
import type { HubPlan } from "../plan";
import { ROOT, type HomesFiles } from "./containers";
import { DRIVE_IMAGES } from "./images";
import { DRIVE, DRIVE_EXPORTS, DRIVE_ROOT } from "./names";

/** With the drive's own program beside it: what is put back gets the owner that the drive gives. */
export function copiedVolume(
  plan: HubPlan,
  claim: IPersistentVolumeClaim,
  { program, config }: Pick<HomesFiles, "program" | "config">,
): HomesVolume {
  const configAt = (folder: string): string => `${folder}/homes.json`;
  return {
    claim,
    path: DRIVE_ROOT,
    folders: Object.values(DRIVE_EXPORTS).map((path) => `${DRIVE_ROOT}${path}`),
    image: DRIVE_IMAGES.homes,
    user: ROOT,
    security: {
      reason: "reads files of all people, and gives those that it puts back their owners",
      allow: ["rootUser"],
      capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER"],
    },
    mounts: (folder) => [
      { kind: "config", path: `${folder}/homes.py`, config: program },
      { kind: "config", path: configAt(folder), config },
    ],
    env: (folder) => ({ [HOME_VARIABLES.drive]: configAt(folder) }),
    scheduling: coreScheduling(plan),
    beside: [{ kind: "required", labels: selectorOf({ name: DRIVE }), within: "node" }],
  };
}
