/** The images of the DataLabs services, each at a fixed tag. */
import type { DatalabComponent as Component, DatalabConfig } from "../../environment/config";
import { image, type Image } from "../../kit";

export type DatalabImages = Readonly<Record<Component, Image>>;

/** The release that the project's own chart deploys; its services are built and tagged together. */
const RELEASE = "0.34.0-215-gb3f47b36";

const PINNED: Readonly<Record<Component, readonly [repository: string, tag: string]>> = {
  app: ["nerc/datalab-app", RELEASE],
  api: ["nerc/datalab-api", RELEASE],
  auth: ["nerc/authorisation-svc", RELEASE],
  infrastructureApi: ["nerc/infrastructure-api", RELEASE],
  docs: ["nerc/docs", RELEASE],
  // The last series that the services' database driver speaks to, and the last whose image holds the `mongo` shell.
  mongodb: ["mongo", "4.4.29"],
  kubectl: ["nerc/kubectl", "0.1.0"],
};

/** The images, with other tags where they are given. */
export function datalabImages(tags: DatalabConfig["imageTags"] = {}): DatalabImages {
  const pick = (component: Component): Image => {
    const [repository, tag] = PINNED[component];
    return image(repository, tags[component] ?? tag);
  };
  return {
    app: pick("app"),
    api: pick("api"),
    auth: pick("auth"),
    infrastructureApi: pick("infrastructureApi"),
    docs: pick("docs"),
    mongodb: pick("mongodb"),
    kubectl: pick("kubectl"),
  };
}
