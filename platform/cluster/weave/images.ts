/** Images of Weave Net: of a fork, which keeps the last release alive; its own project has ended. */
import type { PinnedImages } from "../../../environment/parts/images";

const tag = "2.9.0";

export const WEAVE_IMAGES = {
  weave: {
    repository: "docker.io/rajchaudhuri/weave-kube",
    tag,
    lifecycle: {
      what: "Weave Net",
      status: "ended",
      since: "2024-06",
      successor: "set cluster.cni.kind to calico",
    },
  },
  policies: { repository: "docker.io/rajchaudhuri/weave-npc", tag },
} as const satisfies PinnedImages;
