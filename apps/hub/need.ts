/** What people's servers and files need of the quota of a hub's namespace. */
import { assertNever } from "../../errors/assert-never";
import { gibibytes } from "../../environment/schema/quantities";
import { needOf, type Need, type Resources } from "../../kit";
import { driveVolumes } from "./drive/volume";
import type { DatabasePlan, HomesPlan, HubPlan } from "./plan";

/** Of as many servers as may run at once, each as large as the largest choice. */
export function serversNeed({ activeServerLimit, server, profiles }: HubPlan): Need {
  const choices = profiles.length === 0 ? [server] : profiles;
  return needOf(activeServerLimit, [choices.map(({ resources }) => resources).reduce(largest)]);
}

function largest(one: Resources, other: Resources): Resources {
  const most = (key: keyof Resources) => ({
    cpuMillis: Math.max(one[key].cpuMillis, other[key].cpuMillis),
    memoryMiB: Math.max(one[key].memoryMiB, other[key].memoryMiB),
  });
  return { request: most("request"), limit: most("limit") };
}

/** Of every claim of the namespace, in GiB. */
export function claimSizes(plan: HubPlan): readonly number[] {
  const { database, homes, sharedDirectories } = plan;
  const directories = sharedDirectories.flatMap(({ source }) =>
    source.kind === "claim" ? [gibibytes(source.size)] : [],
  );
  // Claims of drives have no size of their own.
  const ofDrives = driveVolumes(plan).map(() => 0);
  return [databaseSize(database), ...homeSizes(homes), ...directories, ...ofDrives];
}

/** Of a claim that is there already it is not known, and it counts as small. */
function databaseSize(database: DatabasePlan): number {
  return database.kind === "made" ? gibibytes(database.size) : 1;
}

function homeSizes(homes: HomesPlan): readonly number[] {
  switch (homes.kind) {
    case "claim":
      return Array.from({ length: homes.people }, () => gibibytes(homes.size));
    case "shared":
      return [gibibytes(homes.size)];
    case "drive":
      return [];
    default:
      return assertNever(homes);
  }
}
