/** Volumes that many pods write at once. */
import type { SharedStoragePlan } from "../../../environment/plan/types";
import { claimedImages, type PinnedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import { aliasesOf } from "../../../environment/storage-classes";
import { assertNever } from "../../../errors/assert-never";
import type * as Charts from "./chart";
import { CSI_NFS_IMAGES, NFS_PROVISIONER_IMAGES } from "./images";
import { CSI_NFS_NAMESPACE, NFS_PROVISIONER_NAMESPACE } from "./namespaces";
import { sharedStorageProps } from "./props";

export const sharedStorage = ownersComponent({
  key: "shared-storage",
  title: "shared storage",
  images: { ...CSI_NFS_IMAGES, ...NFS_PROVISIONER_IMAGES },
  reservedNamespaces: [CSI_NFS_NAMESPACE, NFS_PROVISIONER_NAMESPACE],
  claims: ({ storage, storage: { shared } }) =>
    shared.kind === "none"
      ? {}
      : {
          storageClasses: [
            { path: "storage.shared.className", name: shared.className },
            ...aliasesOf(storage, "shared").map((name) => ({ path: `storage.aliases.${name}`, name })),
          ],
          images: claimedImages(imagesOf(shared), "storage.shared.kind"),
        },
  plan: ({ storage }, plan) => sharedStorageProps(plan, storage),
  charts: () => (require("./chart") as typeof Charts).sharedStorageCharts,
});

function imagesOf(shared: Exclude<SharedStoragePlan, { kind: "none" }>): PinnedImages {
  switch (shared.kind) {
    case "gluster":
      return shared.mode === "nfs" ? CSI_NFS_IMAGES : {};
    case "nfs-provisioner":
      return NFS_PROVISIONER_IMAGES;
    default:
      return assertNever(shared);
  }
}
