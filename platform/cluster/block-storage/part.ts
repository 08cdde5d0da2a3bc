/** The StorageClass of block volumes by Cinder. */
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";

export const blockStorage = ownersComponent({
  key: "block-storage",
  title: "block storage",
  claims: ({ storage }) => ({
    storageClasses: [{ path: "storage.block.className", name: storage.block.className }],
  }),
  plan: ({ storage }, { environment }) => ({ environment, block: storage.block }),
  charts: () => (require("./chart") as typeof Charts).blockStorageCharts,
});
