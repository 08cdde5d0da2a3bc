/** The images of a hub, each at a fixed tag: those of zero-to-jupyterhub 4.4 where it has one. */
import type { PinnedImage, PinnedImages } from "../../environment/parts/images";
import type { HubConfig } from "./configuration";

/** The images with which a hub runs where its configuration names none. */
export const HUB_IMAGES = {
  hub: {
    repository: "quay.io/jupyterhub/k8s-hub",
    tag: "4.4.0",
    lifecycle: {
      what: "JupyterHub 5.5.0, the release in zero-to-jupyterhub's newest image,",
      status: "limited",
      limit: "lacks the security fix of 5.5.1",
      successor: "set apps.hub.hubs.<hub>.image to one that has it, as soon as there is one",
    },
  },
  proxy: { repository: "quay.io/jupyterhub/configurable-http-proxy", tag: "5.3.0" },
  server: { repository: "quay.io/jupyter/base-notebook", tag: "2026-07-28" },
} as const satisfies PinnedImages;

type Component = keyof typeof HUB_IMAGES;

/** The images of one hub; of a chosen one nothing is known about the end of its support. */
export function hubImages({ image, server }: Pick<HubConfig, "image" | "server">): PinnedImages<Component> {
  return {
    hub: chosen(image) ?? HUB_IMAGES.hub,
    proxy: HUB_IMAGES.proxy,
    server: chosen(server.image) ?? HUB_IMAGES.server,
  };
}

function chosen(image: HubConfig["image"]): PinnedImage | undefined {
  return image === undefined ? undefined : { repository: image.name, tag: image.tag };
}
