/** Images of Cinder's CSI driver and its sidecars: the driver has a release for each minor of Kubernetes. */
import type { PinnedImage } from "../../../environment/parts/images";
import type { KubernetesMinor } from "../../../environment/plan/types";

type Component =
  | "driver"
  | "attacher"
  | "provisioner"
  | "snapshotter"
  | "resizer"
  | "registrar"
  | "liveness"
  | "snapshotController";

/** Everything that runs for one minor of Kubernetes. */
export type CinderCsiImages = Readonly<Record<Component, PinnedImage>>;

/** Names of the images in their registry. */
const REPOSITORIES: Readonly<Record<Component, string>> = {
  driver: "provider-os/cinder-csi-plugin",
  attacher: "sig-storage/csi-attacher",
  provisioner: "sig-storage/csi-provisioner",
  snapshotter: "sig-storage/csi-snapshotter",
  resizer: "sig-storage/csi-resizer",
  registrar: "sig-storage/csi-node-driver-registrar",
  liveness: "sig-storage/livenessprobe",
  snapshotController: "sig-storage/snapshot-controller",
};

const COMPONENTS = Object.keys(REPOSITORIES) as readonly Component[];

function release(tags: Readonly<Record<Component, string>>): CinderCsiImages {
  return Object.fromEntries(
    COMPONENTS.map((each) => [
      each,
      { repository: `registry.k8s.io/${REPOSITORIES[each]}`, tag: tags[each] },
    ]),
  ) as Record<Component, PinnedImage>;
}

/** Sidecars as the driver's own manifests name them; the snapshot controller is of the snapshotter's release. */
const SIDECARS = {
  attacher: "v4.10.0",
  provisioner: "v5.3.0",
  snapshotter: "v8.4.0",
  resizer: "v1.14.0",
  registrar: "v2.15.0",
  liveness: "v2.17.0",
  snapshotController: "v8.4.0",
} as const;

const NEWEST = release({ driver: "v1.36.0", ...SIDECARS });

/** By `cluster.version`. The release of 1.36 is the newest, and serves 1.37 until its own is there. */
export const CINDER_CSI_RELEASES: Readonly<Record<KubernetesMinor, CinderCsiImages>> = {
  "1.25": release({
    driver: "v1.25.6",
    attacher: "v3.4.0",
    provisioner: "v3.1.0",
    snapshotter: "v6.0.1",
    resizer: "v1.4.0",
    registrar: "v2.5.1",
    liveness: "v2.7.0",
    snapshotController: "v6.0.1",
  }),
  "1.35": release({ driver: "v1.35.0", ...SIDECARS }),
  "1.36": NEWEST,
  "1.37": NEWEST,
};
