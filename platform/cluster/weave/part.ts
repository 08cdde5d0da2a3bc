/** Weave Net: the network of the pods. */
import { podMtu } from "../../../environment/network-plugin";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";
import { WEAVE_IMAGES } from "./images";
import { WEAVE_PASSWORD } from "./secrets";

const PATH = "cluster.cni.kind";

export const weave = ownersComponent({
  key: "weave",
  title: "Weave Net",
  stage: "network",
  images: WEAVE_IMAGES,
  claims: ({ cluster: { cni } }) =>
    cni.kind === "weave"
      ? { images: claimedImages(WEAVE_IMAGES, PATH), secrets: [{ path: PATH, secret: WEAVE_PASSWORD }] }
      : {},
  plan: ({ cluster: { cni, podCidr } }, { environment, network }) =>
    cni.kind === "weave" ? { environment, podCidr, podMtu: podMtu(cni, network.mtu) } : undefined,
  charts: () => (require("./chart") as typeof Charts).weaveCharts,
});
