/** The spawner of hubs in which something happens for each person before a server starts: a module of the hub. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HubPlan } from "../plan";
import { hasWriters } from "../shared-directories/plan";

export const LAB_SPAWNER = {
  /** In the hub's pod; Python finds modules there by `PYTHONPATH`. */
  folder: "/usr/local/lib/labstead",
  file: "labstead_spawner.py",
  spawnerClass: "labstead_spawner.LabSpawner",
} as const;

/** With a drive, homes are made first; of a shared directory, it depends on the person whether it is read-only. */
export function needsLabSpawner({
  homes,
  sharedDirectories,
}: Pick<HubPlan, "homes" | "sharedDirectories">): boolean {
  return homes.kind === "drive" || sharedDirectories.some(hasWriters);
}

export function labSpawnerModule(): string {
  return readFileSync(join(__dirname, "programs", LAB_SPAWNER.file), "utf8");
}
