/** What a drive's configuration gets wrong beyond its schema. */
import { contains, parseCidr } from "../../../environment/addresses";
import { finding, type Finding } from "../../../environment/findings";
import { gibibytes } from "../../../environment/schema/quantities";
import type { HubConfig } from "../configuration";
import { defaultAddress, driveAddresses, freeAddress, isDriveAddress } from "./address";
import type { DriveConfig } from "./configuration";

type At = (hub: string, key: string) => string;
type Hubs = Readonly<Record<string, Pick<HubConfig, "homes">>>;

interface Named {
  readonly name: string;
  readonly drive: DriveConfig;
}

/** What the checks of drives need of the environment. */
export interface DriveSurroundings {
  /** Whether the program makes a class of volumes for drives. */
  readonly hasDriveClass: boolean;
  /** Absent for a tenant, which has no privileged namespace for a drive, as the checks of its claims say. */
  readonly serviceCidr?: string;
}

export function checkDrives(hubs: Hubs, surroundings: DriveSurroundings, at: At): readonly Finding[] {
  const drives = Object.entries(hubs).flatMap(([name, { homes }]) =>
    homes.kind === "drive" ? [{ name, drive: homes }] : [],
  );
  const { serviceCidr } = surroundings;
  return [
    ...checkLimits(hubs, surroundings, at),
    ...(serviceCidr === undefined
      ? []
      : drives.flatMap(({ name, drive }) => checkAddress(name, drive, serviceCidr, at))),
    ...checkTaken(drives, serviceCidr, at),
  ];
}

function checkLimits(hubs: Hubs, { hasDriveClass }: DriveSurroundings, at: At): readonly Finding[] {
  return Object.entries(hubs).flatMap(([name, { homes }]) => {
    if (homes.kind === "claim" || homes.quota === undefined) return [];
    const path = at(name, "homes.quota");
    if (homes.kind === "shared")
      return [
        finding(
          "hub.quota",
          path,
          `"${homes.quota}" is enforced by nothing: homes of kind shared have one claim, in which all files count together`,
          "write homes of kind drive or claim, or leave it out",
        ),
      ];
    if (homes.storageClass === undefined && !hasDriveClass)
      return [
        finding(
          "hub.quota",
          path,
          `"${homes.quota}" needs a class whose volumes are XFS with the mount option prjquota, and the program makes none in a cluster that it does not own`,
          "name such a class by homes.storageClass, or leave the quota out",
        ),
      ];
    if (gibibytes(homes.quota) <= gibibytes(homes.size)) return [];
    return [
      finding(
        "hub.drive",
        path,
        `"${homes.quota}" is more than the drive has, "${homes.size}"`,
        "allow each person less, or raise homes.size",
      ),
    ];
  });
}

function checkAddress(
  name: string,
  { address }: DriveConfig,
  serviceCidr: string,
  at: At,
): readonly Finding[] {
  if (address === undefined || isDriveAddress(serviceCidr, address)) return [];
  const { first, last } = driveAddresses(serviceCidr);
  const what = contains(parseCidr(serviceCidr), address)
    ? "is one that the cluster itself uses or gives to Services"
    : `is outside cluster.serviceCidr, ${serviceCidr}`;
  return [
    finding(
      "hub.drive",
      at(name, "homes.address"),
      `"${address}" ${what}`,
      `choose one of ${first}–${last}, or leave it out`,
    ),
  ];
}

/** The first drive of an address keeps it, in the order of the configuration. */
function checkTaken(drives: readonly Named[], serviceCidr: string | undefined, at: At): readonly Finding[] {
  const addresses = drives.map(
    ({ name, drive }) =>
      drive.address ?? (serviceCidr === undefined ? undefined : defaultAddress(serviceCidr, name)),
  );
  return drives.flatMap(({ name }, index) => {
    const address = addresses[index];
    const first = drives[addresses.indexOf(address)];
    if (address === undefined || first === undefined || first.name === name) return [];
    return [
      finding(
        "hub.drive",
        at(name, "homes.address"),
        `"${address}" is already the address of the drive of ${first.name}`,
        anotherAddress(addresses, serviceCidr),
      ),
    ];
  });
}

function anotherAddress(addresses: readonly (string | undefined)[], serviceCidr: string | undefined): string {
  if (serviceCidr === undefined) return "write another one";
  const free = freeAddress(serviceCidr, new Set(addresses.filter((each) => each !== undefined)));
  return free === undefined
    ? "no other one is free in cluster.serviceCidr; use homes of kind claim or shared"
    : `write one that is free, such as ${free}`;
}
