/** Flannel on booted nodes, and kube-router beside it, which enforces NetworkPolicies. */
import { FLANNEL_NAMESPACE } from "../../../platform/cluster/flannel/namespace";
import { KUBE_ROUTER_NAMESPACE } from "../../../platform/cluster/kube-router/namespace";
import { flannelImages } from "./network-images";
import { networkLab } from "./network-lab";

networkLab(
  {
    cni: { kind: "flannel", backend: "vxlan", policy: "kube-router" },
    agents: { [FLANNEL_NAMESPACE]: "kube-flannel", [KUBE_ROUTER_NAMESPACE]: "kube-router" },
  },
  flannelImages,
);
