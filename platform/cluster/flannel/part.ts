/** Flannel: the network of the pods. */
import { usesNftables } from "../../../environment/network-plugin";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";
import { FLANNEL_IMAGES } from "./images";
import { FLANNEL_NAMESPACE } from "./namespace";

export const flannel = ownersComponent({
  key: "flannel",
  title: "Flannel",
  stage: "network",
  images: FLANNEL_IMAGES,
  reservedNamespaces: [FLANNEL_NAMESPACE],
  claims: ({ cluster: { cni } }) =>
    cni.kind === "flannel" ? { images: claimedImages(FLANNEL_IMAGES, "cluster.cni.kind") } : {},
  plan: ({ cluster }, { environment, network }) =>
    cluster.cni.kind === "flannel"
      ? {
          environment,
          backend: cluster.cni.backend,
          podCidr: cluster.podCidr,
          networkMtu: network.mtu,
          nftables: usesNftables(cluster),
        }
      : undefined,
  charts: () => (require("./chart") as typeof Charts).flannelCharts,
});
