/** The images of the DataLabs services, each at a fixed tag. */
import type { Lifecycle, PinnedImages } from "../../environment/parts/images";
import type { DatalabComponent as Component, DatalabConfig } from "./configuration";

/** The release that the project's own chart deploys; its services are built and tagged together. */
const RELEASE = "0.34.0-215-gb3f47b36";

const MONGODB_ENDED: Lifecycle = {
  what: "MongoDB 4.4, the last series that the DataLabs services speak to,",
  status: "ended",
  since: "2024-02",
  successor: "keep it reachable by these services only, and set apps.datalab.imageTags.mongodb when they can",
};

/** The images of the DataLabs services for which this version was made. */
export const DATALAB_IMAGES: PinnedImages<Component> = {
  app: { repository: "nerc/datalab-app", tag: RELEASE },
  api: { repository: "nerc/datalab-api", tag: RELEASE },
  auth: { repository: "nerc/authorisation-svc", tag: RELEASE },
  infrastructureApi: { repository: "nerc/infrastructure-api", tag: RELEASE },
  docs: { repository: "nerc/docs", tag: RELEASE },
  // The last series that the services' database driver supports, and the last whose image has the `mongo` shell.
  mongodb: { repository: "mongo", tag: "4.4.29", lifecycle: MONGODB_ENDED },
  kubectl: { repository: "nerc/kubectl", tag: "0.1.0" },
};

/** The images with the given tags. For other tags, nothing is known about the end of their support by the project. */
export function datalabImages(tags: DatalabConfig["imageTags"] = {}): PinnedImages<Component> {
  const chosen = (component: Component) => {
    const pinned = DATALAB_IMAGES[component];
    const tag = tags[component];
    return tag === undefined ? pinned : { repository: pinned.repository, tag };
  };
  return {
    app: chosen("app"),
    api: chosen("api"),
    auth: chosen("auth"),
    infrastructureApi: chosen("infrastructureApi"),
    docs: chosen("docs"),
    mongodb: chosen("mongodb"),
    kubectl: chosen("kubectl"),
  };
}
