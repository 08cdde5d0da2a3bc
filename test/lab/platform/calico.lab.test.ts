/** Calico on booted nodes, with VXLAN around packets between them. */
import { CALICO_NAMESPACE } from "../../../platform/cluster/calico/namespace";
import { calicoImages } from "./network-images";
import { networkLab } from "./network-lab";

networkLab(
  { cni: { kind: "calico", encapsulation: "vxlan" }, agents: { [CALICO_NAMESPACE]: "calico-node" } },
  calicoImages,
);
