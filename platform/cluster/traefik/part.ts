/** Traefik, in clusters that have it. */
import type { OwnerConfig } from "../../../environment/config";
import { migrationStage, runningControllers } from "../../../environment/ingress-controller";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import { certificateHosts } from "../../../environment/secrets";
import { streamsOf } from "../ingress/streams";
import type * as Charts from "./chart";
import { IMAGES } from "./images";
import { PASSED_SERVICE } from "../ingress/migration";
import type { Migration } from "./routes";

export const traefik = ownersComponent({
  key: "traefik",
  title: "the ingress controller Traefik",
  images: IMAGES,
  claims: (config) => (runs(config) ? { images: claimedImages(IMAGES, "ingress.kind") } : {}),
  plan: (config, { environment, hosts, ports, network, cluster }) => {
    if (!runs(config)) return undefined;
    const { proxyProtocol, bodySize, timeouts } = config.ingress;
    return {
      environment,
      hosts: certificateHosts(config, hosts),
      limits: { bodySize, timeouts },
      streams: streamsOf(ports),
      // A connection through another node has an address of that node, in either network.
      proxies: proxyProtocol ? [network.cidr, cluster.podCidr] : [],
      ...migrationOf(config),
    };
  },
  charts: () => (require("./chart") as typeof Charts).traefikCharts,
});

function runs({ ingress }: OwnerConfig): boolean {
  return runningControllers(ingress).includes("traefik");
}

function migrationOf({ ingress }: OwnerConfig): { readonly migration?: Migration } {
  const stage = migrationStage(ingress);
  if (stage === undefined || stage.kind === "moved") return {};
  const moved = stage.kind === "moving" ? stage.moved : [];
  return { migration: { moved, service: PASSED_SERVICE, proxyProtocol: ingress.proxyProtocol } };
}
