/** Images of the network plugins that few tests run, under the names that their charts ask for. */
import { join } from "node:path";
import { imageText } from "../../../environment/parts/images";
import { CALICO_IMAGES } from "../../../platform/cluster/calico/images";
import { FLANNEL_IMAGES } from "../../../platform/cluster/flannel/images";
import type { MoreImages } from "../cluster/images";
import { applets, busybox, iptables, netfilter, ROUTE_TABLES, type Files } from "../cluster/node-images";
import { loads } from "../host/programs";
import { kubernetesBinary, type NetworkProgram } from "../kubernetes/binaries";
import { rootFilesystem } from "../machines/root-filesystem";

loads("gcc", "libc6-dev");

type Log = (line: string) => void;

const own = (name: string): string => join(__dirname, "image", name);

/** Flannel 0.28.10 for the 0.28.9 of the chart. Its plugin is no published module: a script does what it does. */
export async function flannelImages(log: Log): Promise<MoreImages> {
  const daemon = {
    name: imageText(FLANNEL_IMAGES.flannel),
    files: {
      "/opt/bin/flanneld": await kubernetesBinary("flanneld", log),
      "/opt/bin/install-conf": own("install-conf"),
      ...(await nodeTools()),
    },
    links: shell(),
    entrypoint: ["/opt/bin/flanneld"],
  };
  const plugin = {
    name: imageText(FLANNEL_IMAGES.plugin),
    files: { "/flannel": own("flannel-plugin"), ...busybox() },
    links: applets(),
  };
  return { name: "flannel", images: [daemon, plugin] };
}

/** Calico 3.28.5, the newest published module, for the 3.32 of the chart: without bird, so for VXLAN only. */
export async function calicoImages(log: Log): Promise<MoreImages> {
  const program = (name: NetworkProgram): Promise<string> => kubernetesBinary(name, log);
  const plugin = await program("calico-cni");
  const node = {
    name: imageText(CALICO_IMAGES.node),
    files: {
      "/bin/calico-node": await program("calico-node"),
      "/usr/sbin/start-calico": own("start-calico"),
      "/etc/calico/felix.cfg": own("felix.cfg"),
      ...(await nodeTools()),
    },
    links: shell(),
    entrypoint: ["/usr/sbin/start-calico"],
  };
  const installer = {
    name: imageText(CALICO_IMAGES.cni),
    files: {
      "/opt/cni/bin/install": await program("calico-install"),
      "/opt/cni/bin/calico": plugin,
      "/opt/cni/bin/calico-ipam": plugin,
    },
  };
  const controllers = {
    name: imageText(CALICO_IMAGES.controllers),
    files: {
      "/usr/bin/kube-controllers": await program("calico-kube-controllers"),
      "/usr/bin/check-status": await program("calico-check-status"),
      ...busybox(),
    },
    links: applets(),
    entrypoint: ["/usr/bin/kube-controllers"],
    // As the published image: its state is a file there.
    user: "999",
    writable: ["status"],
  };
  return { name: "calico", images: [node, installer, controllers] };
}

/** What both plugins call to change a node. */
async function nodeTools(): Promise<Files> {
  const root = await rootFilesystem();
  return {
    ...busybox(),
    [ROUTE_TABLES]: join(root, ROUTE_TABLES),
    ...(await netfilter(["/usr/sbin/ipset", "/bin/ip"])),
  };
}

function shell(): Files {
  const { "/bin/ip": _itsOwn, ...others } = applets();
  return { ...others, ...iptables(), ...iptables("-nft") };
}
