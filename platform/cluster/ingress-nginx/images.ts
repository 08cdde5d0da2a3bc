/** Images of the ingress controller. */
import type { PinnedImages } from "../../../environment/parts/images";

export const IMAGES = {
  /** The last release of the community's controller (March 2026). */
  controller: {
    repository: "registry.k8s.io/ingress-nginx/controller",
    tag: "v1.15.1",
    lifecycle: {
      what: "community ingress-nginx",
      status: "ended",
      since: "2026-03",
      successor: "move to Traefik by the steps of docs/ingress.md",
    },
  },
  defaultBackend: { repository: "registry.k8s.io/defaultbackend-amd64", tag: "1.5" },
} as const satisfies PinnedImages;
