/** The one ingress controller of the cluster. */
import type { OwnerConfig } from "../../../environment/config";
import { finding, type Finding } from "../../../environment/findings";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";
import { IMAGES } from "./images";

export const ingressNginx = ownersComponent({
  key: "ingress-nginx",
  title: "the ingress controller",
  images: IMAGES,
  claims: ({ ingress }) =>
    ingress.kind === "ingress-nginx" ? { images: claimedImages(IMAGES, "ingress.kind") } : {},
  check: notRendered,
  plan: ({ ingress }, { environment }) =>
    ingress.kind === "ingress-nginx" ? { environment, proxyProtocol: ingress.proxyProtocol } : undefined,
  charts: () => (require("./chart") as typeof Charts).ingressNginxCharts,
});

/** Configuration that no chart renders yet. */
function notRendered({ ingress }: OwnerConfig): readonly Finding[] {
  if (ingress.kind === "ingress-nginx") return [];
  const explanation = `"${ingress.kind}" is not rendered by this version`;
  return [finding("config.invalid", "ingress.kind", explanation, "write ingress-nginx")];
}
