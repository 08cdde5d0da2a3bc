/** The collection of failed pods, where the cluster has one. */
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import { PYTHON_IMAGE } from "../../../environment/parts/python-image";
import type * as Charts from "./chart";
import { FAILED_PODS_NAMESPACE } from "./namespace";

const IMAGES = { collection: PYTHON_IMAGE } as const;

export const failedPods = ownersComponent({
  key: "failed-pods",
  title: "the collection of failed pods",
  images: IMAGES,
  reservedNamespaces: [FAILED_PODS_NAMESPACE],
  claims: ({ cluster: { failedPods: kept } }) =>
    kept === undefined ? {} : { images: claimedImages(IMAGES, "cluster.failedPods") },
  plan: ({ cluster: { failedPods: kept } }, { environment }) =>
    kept === undefined ? undefined : { environment, ...kept },
  charts: () => (require("./chart") as typeof Charts).failedPodsCharts,
});
