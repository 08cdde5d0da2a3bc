/** What a new value of each key of a drive does to a running hub; those of all homes are with the hub's. */
import type { Effects } from "../../../environment/parts/effects";
import type { DriveConfig } from "./configuration";

export const DRIVE_EFFECTS: Effects<Pick<DriveConfig, "owner" | "quota" | "address">> = {
  owner: {
    kind: "stopped",
    would: "leaves every person with files that belong to somebody else",
    instead: "make another hub with the other owners, and copy the files",
  },
  quota: {
    kind: "inPlace",
    does: "the drive restarts with the new limit for all homes, for half a minute in which servers wait; who is above it cannot write until there is room",
  },
  address: {
    kind: "stopped",
    would: "gives the drive an address at which no node looks for it, and every server waits",
    instead: "make another hub at the other address, and copy the files",
  },
};
