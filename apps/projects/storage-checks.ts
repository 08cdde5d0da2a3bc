/** Whether each stack has storage that it can mount. */
import { finding, type Finding } from "../../environment/findings";
import type { ProjectConfig, StorageConfig } from "./configuration";
import type { At, Offer } from "./offer";
import type { StackConfig } from "./stacks/configuration";
import { isStore } from "./stacks/kinds";

export function checkStorage(project: ProjectConfig, offer: Offer, at: At): readonly Finding[] {
  return [
    ...Object.entries(project.storage).flatMap(([name, storage]) =>
      checkClass(storage, offer, (key) => at(`storage.${name}.${key}`)),
    ),
    ...checkNames(project, at),
    ...checkShares(project, at),
    ...checkStores(project, at),
  ];
}

/** A claim of a class that has not the mode waits for ever. */
function checkClass(
  { access, storageClass }: StorageConfig,
  { sharedClass, blockClasses }: Offer,
  at: At,
): readonly Finding[] {
  if (access === "ReadWriteOnce") return [];
  if (storageClass !== undefined) {
    if (!blockClasses.includes(storageClass)) return [];
    return [
      finding(
        "projects.storage",
        at("storageClass"),
        `"${storageClass}" has volumes for one node at a time, and access is ReadWriteMany`,
        sharedClass === undefined
          ? "write access: ReadWriteOnce"
          : `write ${sharedClass}, or access: ReadWriteOnce`,
      ),
    ];
  }
  if (sharedClass !== undefined) return [];
  return [
    finding(
      "projects.storage",
      at("access"),
      '"ReadWriteMany" needs a class of volumes that many pods write at once, and the environment makes none',
      "name a class by storageClass, set storage.shared, or write ReadWriteOnce",
    ),
  ];
}

function checkNames({ storage, stacks }: ProjectConfig, at: At): readonly Finding[] {
  const known = Object.keys(storage);
  return Object.entries(stacks)
    .filter(([, stack]) => stack.storage !== undefined && !known.includes(stack.storage))
    .map(([name, stack]) =>
      finding(
        "projects.storage",
        at(`stacks.${name}.storage`),
        `"${stack.storage ?? ""}" is no storage of the project`,
        known.length === 0 ? `describe it under ${at("storage")}` : `write one of ${known.join(", ")}`,
      ),
    );
}

/** Pods that mount a storage at once. */
function podsOf(stack: StackConfig): number {
  if ("workers" in stack) return stack.workers.max;
  return "replicas" in stack ? stack.replicas : 1;
}

/** A volume of one node keeps all pods but those of the first node waiting. */
function checkShares({ storage, stacks }: ProjectConfig, at: At): readonly Finding[] {
  return Object.entries(storage)
    .filter(([, { access }]) => access === "ReadWriteOnce")
    .flatMap(([name]) => {
      const users = Object.entries(stacks).filter(([, stack]) => stack.storage === name);
      const pods = users.reduce((sum, [, stack]) => sum + podsOf(stack), 0);
      if (pods < 2) return [];
      return [
        finding(
          "projects.storage",
          at(`storage.${name}.access`),
          `"ReadWriteOnce" is for one pod, and up to ${String(pods)} of ${users.map(([user]) => user).join(", ")} mount it`,
          "write ReadWriteMany, or give each stack a storage of its own",
        ),
      ];
    });
}

/** A store takes every file in its folder for its own. */
function checkStores({ stacks }: ProjectConfig, at: At): readonly Finding[] {
  return Object.entries(stacks)
    .filter(([, { kind }]) => isStore(kind))
    .flatMap(([name, { kind, storage }]) => {
      const other = Object.entries(stacks).find(([key, stack]) => key !== name && stack.storage === storage);
      if (other === undefined) return [];
      return [
        finding(
          "projects.storage",
          at(`stacks.${name}.storage`),
          `"${storage ?? ""}" is also the storage of ${other[0]}, and ${kind} needs one that nothing else writes to`,
          "give it a storage of its own",
        ),
      ];
    });
}
