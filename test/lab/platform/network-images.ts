/** Images of a network plugin that few tests run, under the names that its chart asks for. */
import { join } from "node:path";
import { imageText } from "../../../environment/parts/images";
import { FLANNEL_IMAGES } from "../../../platform/cluster/flannel/images";
import type { MoreImages } from "../cluster/images";
import { applets, busybox, iptables, netfilter, ROUTE_TABLES, type Files } from "../cluster/node-images";
import { loads } from "../host/programs";
import { kubernetesBinary } from "../kubernetes/binaries";
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

/** What it calls to change a node. */
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
  return { ...others, ...iptables() };
}
