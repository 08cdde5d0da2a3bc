/** The StorageClass of block volumes by Cinder, and its aliases. */
import { ownersComponent } from "../../../environment/parts/part";
import { aliasesOf, plannedClass } from "../../../environment/storage-classes";
import type * as Charts from "./chart";

export const blockStorage = ownersComponent({
  key: "block-storage",
  title: "block storage",
  claims: ({ storage }) => ({
    storageClasses: [
      { path: "storage.block.className", name: storage.block.className },
      ...aliasesOf(storage, "block").map((name) => ({ path: `storage.aliases.${name}`, name })),
    ],
  }),
  plan: ({ storage }, { environment }) => {
    const { className, volumeType, reclaimPolicy, zones } = storage.block;
    const { isDefault } = plannedClass(storage, className);
    return {
      environment,
      block: {
        ...{ className, volumeType, reclaimPolicy, isDefault },
        ...(zones.kind === "fixed" ? { zone: zones.zone } : {}),
      },
      aliases: aliasesOf(storage, "block").map((name) => plannedClass(storage, name)),
    };
  },
  charts: () => (require("./chart") as typeof Charts).blockStorageCharts,
});
