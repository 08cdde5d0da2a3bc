/** The images of the DataLabs services, each at a fixed tag. */
import { image, type Image } from "../../kit";

export const COMPONENTS = ["app", "api", "auth", "infrastructureApi", "docs", "mongodb", "kubectl"] as const;
export type Component = (typeof COMPONENTS)[number];
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

/**
 * The images, with other tags where they are given.
 * @throws Error on a tag for a component that does not exist, or one that is not fixed
 */
export function datalabImages(tags: Readonly<Record<string, string>> = {}): DatalabImages {
  const unknown = Object.keys(tags).filter((key) => !COMPONENTS.some((component) => component === key));
  if (unknown.length > 0) {
    throw new Error(
      `apps.datalab.imageTags: ${unknown.join(", ")} is no component; there are ${COMPONENTS.join(", ")}`,
    );
  }
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
