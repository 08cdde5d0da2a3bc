/** kube-network-policies: what enforces NetworkPolicies beside Flannel. */
import type { CniConfig } from "../../../environment/config";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";
import { KUBE_NETWORK_POLICIES_IMAGES } from "./images";
import { KUBE_NETWORK_POLICIES_NAMESPACE } from "./namespace";

export const kubeNetworkPolicies = ownersComponent({
  key: "kube-network-policies",
  title: "kube-network-policies",
  stage: "network",
  images: KUBE_NETWORK_POLICIES_IMAGES,
  reservedNamespaces: [KUBE_NETWORK_POLICIES_NAMESPACE],
  claims: ({ cluster: { cni } }) =>
    isUsed(cni) ? { images: claimedImages(KUBE_NETWORK_POLICIES_IMAGES, "cluster.cni.policy") } : {},
  plan: ({ cluster: { cni } }, { environment }) => (isUsed(cni) ? { environment } : undefined),
  charts: () => (require("./chart") as typeof Charts).kubeNetworkPoliciesCharts,
});

function isUsed(cni: CniConfig): boolean {
  return cni.kind === "flannel" && cni.policy === "kube-network-policies";
}
