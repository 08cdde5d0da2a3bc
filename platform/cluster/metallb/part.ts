/** MetalLB, where the ingress controller is exposed by it. */
import type { OwnerConfig } from "../../../environment/config";
import { INGRESS_BALANCER } from "../../../environment/ingress-controller";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";
import { METALLB_IMAGES } from "./images";
import { METALLB_NAMESPACE } from "./namespace";

export const metallb = ownersComponent({
  key: "metallb",
  title: "MetalLB",
  // It outlives the Services that it serves.
  stage: "cloud",
  images: METALLB_IMAGES,
  reservedNamespaces: [METALLB_NAMESPACE],
  claims: (config) =>
    isUsed(config) ? { images: claimedImages(METALLB_IMAGES, "ingress.exposure.kind") } : {},
  plan: (config, { environment, vips }) => {
    const address = vips.find(({ key }) => key === INGRESS_BALANCER)?.address;
    // The checks refuse it on networks without planned addresses.
    if (!isUsed(config) || address?.kind !== "planned") return undefined;
    return { environment, address: address.ip };
  },
  charts: () => (require("./chart") as typeof Charts).metallbCharts,
});

function isUsed({ ingress: { exposure } }: OwnerConfig): boolean {
  return exposure.kind === "metallb";
}
