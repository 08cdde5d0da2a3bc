/** Shared directories of a hub as its charts need them. */
import type { ClusterPlan, Size } from "../../../environment/plan/types";
import type { HomesConfig, HubConfig } from "../configuration";
import type { DrivePlan } from "../drive/plan";
import type { SharedDirectoryConfig } from "./configuration";

export interface SharedDirectoryPlan {
  readonly name: string;
  /** Who may write; everybody else reads. */
  readonly writers: SharedDirectoryConfig["writers"];
  /** Name of the claim in the hub's namespace. */
  readonly claim: string;
  readonly source:
    /** A claim of its own. */
    | { readonly kind: "claim"; readonly size: Size; readonly storageClass: string }
    /** A folder of a hub's drive, by a claim that all its folders have in common. */
    | { readonly kind: "drive"; readonly hub: string; readonly folder: string; readonly address: string };
}

/** Whether anybody of the hub may write it. */
export function hasWriters({ writers: { admins, groups } }: Pick<SharedDirectoryPlan, "writers">): boolean {
  return admins || groups.length > 0;
}

const DEFAULT_SIZE: Size = "100Gi";

/** @param drives of all hubs of the environment that have one, by hub */
export function sharedDirectoryPlans(
  name: string,
  { sharedDirectories, homes }: Pick<HubConfig, "sharedDirectories" | "homes">,
  drives: ReadonlyMap<string, DrivePlan>,
  cluster: Pick<ClusterPlan, "sharedClass">,
): readonly SharedDirectoryPlan[] {
  return Object.entries(sharedDirectories).map(([title, directory]) => {
    const { writers } = directory;
    const own = directory.kind === "own";
    const hub = own ? name : directory.hub;
    const drive = drives.get(hub);
    if (drive !== undefined)
      return {
        ...{ name: title, writers, claim: own ? "shared" : `shared-of-${hub}` },
        source: {
          ...{ kind: "drive", hub, address: drive.address },
          folder: own ? title : (directory.directory ?? title),
        },
      };
    return {
      ...{ name: title, writers, claim: `directory-${title}` },
      source: { kind: "claim", ...claimOf(directory, homes, cluster) },
    };
  });
}

/** @throws Error for what the checks refuse: a bug in the program */
function claimOf(
  directory: SharedDirectoryConfig,
  homes: HomesConfig,
  cluster: Pick<ClusterPlan, "sharedClass">,
): { readonly size: Size; readonly storageClass: string } {
  const storageClass = directory.kind === "own" ? classOf(directory, homes, cluster.sharedClass) : undefined;
  if (directory.kind !== "own" || storageClass === undefined)
    throw new Error("a shared directory of a hub is on no drive, and has no class");
  return { size: directory.size ?? DEFAULT_SIZE, storageClass };
}

/** The class of a directory that is not on a drive; undefined if there is none that many pods write. */
export function classOf(
  { storageClass }: Extract<SharedDirectoryConfig, { kind: "own" }>,
  homes: HomesConfig,
  sharedClass: string | undefined,
): string | undefined {
  return storageClass ?? (homes.kind === "shared" ? homes.storageClass : undefined) ?? sharedClass;
}
