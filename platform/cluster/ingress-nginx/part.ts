/** Community ingress-nginx, in clusters that have it. */
import type { OwnerConfig } from "../../../environment/config";
import { migrationStage, runningControllers } from "../../../environment/ingress-controller";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import { streamsOf } from "../ingress/streams";
import type * as Charts from "./chart";
import { IMAGES } from "./images";

export const ingressNginx = ownersComponent({
  key: "ingress-nginx",
  title: "the ingress controller ingress-nginx",
  images: IMAGES,
  claims: (config) => (runs(config) ? { images: claimedImages(IMAGES, "ingress.kind") } : {}),
  plan: (config, { environment, ports }) => {
    if (!runs(config)) return undefined;
    const { proxyProtocol, bodySize, timeouts } = config.ingress;
    return {
      environment,
      proxyProtocol,
      limits: { bodySize, timeouts },
      streams: streamsOf(ports),
      behindTraefik: migrationStage(config.ingress) !== undefined,
    };
  },
  charts: () => (require("./chart") as typeof Charts).ingressNginxCharts,
});

function runs({ ingress }: OwnerConfig): boolean {
  return runningControllers(ingress).includes("ingress-nginx");
}
