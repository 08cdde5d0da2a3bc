/** OpenStack's cloud controller manager, where nodes wait for it. */
import { hasCloudController } from "../../../environment/cluster-cloud";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";
import { CLOUD_CONTROLLER_NAMESPACE } from "./namespaces";
import { CLOUD_CONTROLLER_IMAGES } from "./images";
import { cloudLogin } from "./login";
import { controllerSections } from "./sections";

export const cloudController = ownersComponent({
  key: "cloud-controller",
  title: "the cloud controller manager",
  stage: "cloud",
  images: CLOUD_CONTROLLER_IMAGES,
  reservedNamespaces: [CLOUD_CONTROLLER_NAMESPACE],
  claims: (config) =>
    hasCloudController(config)
      ? {
          images: claimedImages(
            { controller: CLOUD_CONTROLLER_IMAGES[config.cluster.version] },
            "cluster.nodes.cloudProvider",
          ),
        }
      : {},
  plan: (config, { environment, cluster, network }) => {
    if (!hasCloudController(config)) return undefined;
    const { cloud, version } = config.cluster;
    return {
      environment,
      cluster: cluster.name,
      image: CLOUD_CONTROLLER_IMAGES[version],
      login: cloudLogin(cloud, cloud.credentials.controller),
      sections: controllerSections(cloud, network.name),
    };
  },
  charts: () => (require("./chart") as typeof Charts).cloudControllerCharts,
});
