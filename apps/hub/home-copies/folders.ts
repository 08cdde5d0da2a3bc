/** Where pods that copy files have people's homes. */
import { assertNever } from "../../../errors/assert-never";
import { DRIVE_EXPORTS, DRIVE_ROOT } from "../drive/names";
import type { HomesPlan } from "../plan";

/** Folder of a person's own claim, in the pod that exports it. */
export const OWN_CLAIM = "/home-of-who-leaves";
/** Folder of the claim that all homes have in common. */
export const SHARED_HOMES = "/files/homes";

/** The folder that has a folder for each person; of homes of kind claim the person's own. */
export function homeFolder({ kind }: Pick<HomesPlan, "kind">): string {
  switch (kind) {
    case "claim":
      return OWN_CLAIM;
    case "shared":
      return SHARED_HOMES;
    case "drive":
      return `${DRIVE_ROOT}${DRIVE_EXPORTS.homes}`;
    default:
      return assertNever(kind);
  }
}
