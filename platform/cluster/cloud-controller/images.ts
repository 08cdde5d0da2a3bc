/** Images of OpenStack's cloud controller manager: it has a release for each minor of Kubernetes. */
import type { PinnedImage } from "../../../environment/parts/images";
import type { KubernetesMinor } from "../../../environment/plan/types";

const release = (tag: string): PinnedImage => ({
  repository: "registry.k8s.io/provider-os/openstack-cloud-controller-manager",
  tag,
});

/** By `cluster.version`. The one of 1.36 is the newest, and serves 1.37 until its own is released. */
export const CLOUD_CONTROLLER_IMAGES: Readonly<Record<KubernetesMinor, PinnedImage>> = {
  "1.25": release("v1.25.6"),
  "1.35": release("v1.35.0"),
  "1.36": release("v1.36.0"),
  "1.37": release("v1.36.0"),
};
