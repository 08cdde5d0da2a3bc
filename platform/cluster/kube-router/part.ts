/** kube-router: the network of the pods, or what enforces NetworkPolicies beside Flannel. */
import type { CniConfig } from "../../../environment/config";
import { podMtu } from "../../../environment/network-plugin";
import { claimedImages } from "../../../environment/parts/images";
import { ownersComponent } from "../../../environment/parts/part";
import type * as Charts from "./chart";
import { KUBE_ROUTER_IMAGES } from "./images";
import { KUBE_ROUTER_NAMESPACE } from "./namespace";

export const kubeRouter = ownersComponent({
  key: "kube-router",
  title: "kube-router",
  stage: "network",
  images: KUBE_ROUTER_IMAGES,
  reservedNamespaces: [KUBE_ROUTER_NAMESPACE],
  claims: ({ cluster: { cni } }) => {
    const path = settingOf(cni);
    return path === undefined ? {} : { images: claimedImages(KUBE_ROUTER_IMAGES, path) };
  },
  plan: ({ cluster: { cni } }, { environment, cluster: { serviceCidr }, network: { mtu } }) => {
    const path = settingOf(cni);
    if (path === undefined) return undefined;
    const role: Charts.KubeRouterRole =
      cni.kind === "kube-router" ? { kind: "network", mtu: podMtu(cni, mtu) } : { kind: "policies" };
    return { environment, role, serviceCidr };
  },
  charts: () => (require("./chart") as typeof Charts).kubeRouterCharts,
});

/** The setting that chooses it; undefined if none does. */
function settingOf(cni: CniConfig): string | undefined {
  if (cni.kind === "kube-router") return "cluster.cni.kind";
  return cni.kind === "flannel" && cni.policy === "kube-router" ? "cluster.cni.policy" : undefined;
}
