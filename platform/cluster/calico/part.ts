/** Calico: the network of the pods. */
import { podMtu, typhaReplicas, usesNftables } from "../../../environment/network-plugin";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";
import { CALICO_IMAGES, TYPHA_IMAGES } from "./images";
import { CALICO_NAMESPACE } from "./namespace";

export const calico = ownersComponent({
  key: "calico",
  title: "Calico",
  stage: "network",
  images: { ...CALICO_IMAGES, ...TYPHA_IMAGES },
  reservedNamespaces: [CALICO_NAMESPACE],
  claims: ({ cluster: { cni }, servers }) => {
    if (cni.kind !== "calico") return {};
    const images = { ...CALICO_IMAGES, ...(typhaReplicas(servers) === undefined ? {} : TYPHA_IMAGES) };
    return { images: claimedImages(images, "cluster.cni.kind") };
  },
  plan: ({ cluster, servers }, { environment, network }) => {
    const { cni, podCidr } = cluster;
    if (cni.kind !== "calico") return undefined;
    const replicas = typhaReplicas(servers);
    return {
      environment,
      encapsulation: cni.encapsulation,
      podCidr,
      podMtu: podMtu(cni, network.mtu),
      nftables: usesNftables(cluster),
      ...(replicas === undefined ? {} : { typhaReplicas: replicas }),
    };
  },
  charts: () => (require("./chart") as typeof Charts).calicoCharts,
});
