/** Cinder's CSI driver and the snapshot API. */
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import { cloudLogin } from "../cloud-controller/login";
import type * as Charts from "./chart";
import { CINDER_CSI_RELEASES } from "./images";
import { CINDER_CSI_NAMESPACE } from "./namespaces";

/** Of every minor, with its purpose: `1.36-driver`. */
const ALL_IMAGES = Object.fromEntries(
  Object.entries(CINDER_CSI_RELEASES).flatMap(([minor, images]) =>
    Object.entries(images).map(([purpose, image]) => [`${minor}-${purpose}`, image] as const),
  ),
);

export const cinderCsi = ownersComponent({
  key: "cinder-csi",
  title: "the driver of block volumes",
  stage: "cloud",
  images: ALL_IMAGES,
  reservedNamespaces: [CINDER_CSI_NAMESPACE],
  claims: ({ cluster }) => ({ images: claimedImages(CINDER_CSI_RELEASES[cluster.version], "storage.block") }),
  plan: (config, { environment, cluster }) => {
    const { cloud, version } = config.cluster;
    const { zones, className } = config.storage.block;
    return {
      environment,
      cluster: cluster.name,
      images: CINDER_CSI_RELEASES[version],
      login: cloudLogin(cloud, cloud.credentials.volumes),
      topology: zones.kind !== "any",
      ignoreVolumeZones: zones.kind === "fixed",
      snapshotClass: className,
    };
  },
  charts: () => (require("./chart") as typeof Charts).cinderCsiCharts,
});
