/** Pods that copy people's files, and where they connect to. */
import { outwardFlow, type ClientEndpoint, type Flow } from "../../../environment/parts/flows";
import { assertNever } from "../../../errors/assert-never";
import type { HomesConfig } from "../configuration";
import type { BackupsConfig } from "../database/configuration";
import { storeDestination } from "../database/endpoints";
import { driveNamespaceOf } from "../drive/names";

/** What is done with people's files: by a schedule, by a person who restores them, by `labstead hubs leave`. */
export const HOME_TASKS = ["backup", "restore", "export"] as const;
export type HomeTask = (typeof HOME_TASKS)[number];

/** Tasks of a hub. Homes of kind claim are a volume each, of which one at a time can be exported. */
export function homeTasks(
  { kind }: Pick<HomesConfig, "kind">,
  backups: Pick<BackupsConfig, "homes"> | undefined,
): readonly HomeTask[] {
  if (backups === undefined) return [];
  switch (kind) {
    case "claim":
      return ["export"];
    case "shared":
    case "drive":
      return backups.homes === undefined ? ["export"] : HOME_TASKS;
    default:
      return assertNever(kind);
  }
}

/** Nobody connects to them. @param namespace of the volume */
export function homeTaskEndpoint(namespace: string, task: HomeTask): ClientEndpoint {
  return { namespace, name: `homes-${task}` };
}

/** Where the tasks of a hub run: beside the volume. */
export function homeTaskNamespace(namespace: string, { kind }: Pick<HomesConfig, "kind">): string {
  return kind === "drive" ? driveNamespaceOf(namespace) : namespace;
}

export function homeTaskFlows(
  namespace: string,
  homes: Pick<HomesConfig, "kind">,
  backups: BackupsConfig,
): readonly Flow[] {
  const place = homeTaskNamespace(namespace, homes);
  return homeTasks(homes, backups).map((task) =>
    outwardFlow(homeTaskEndpoint(place, task), storeDestination(backups)),
  );
}
