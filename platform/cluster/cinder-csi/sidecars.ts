/** Containers of Cinder's CSI driver, with its sidecars. */
import {
  pinnedImage,
  type ContainerSpec,
  type ContainerUser,
  type Mount,
  type Probes,
  type ProbeSpec,
  type Resources,
} from "../../../kit";
import type { PinnedImage } from "../../../environment/parts/images";
import { CINDER_CSI } from "./access";
import type { CinderCsiImages } from "./images";

const SOCKET_FOLDER = "/csi";
/** The driver's socket, in each container. */
export const SOCKET = `${SOCKET_FOLDER}/csi.sock`;
/** Mounts the folder of the socket; the pod declares it as `socket`. */
export const SOCKET_MOUNT: Mount = { kind: "volume", volume: "socket", path: SOCKET_FOLDER };

/** Who runs a helper, and what that needs. */
export type HelperUser = Pick<ContainerSpec, "user" | "security">;

/** A helper beside the driver, without writable paths. */
export function helper(
  name: string,
  image: PinnedImage,
  args: readonly string[],
  { mounts = [], ...user }: HelperUser & { readonly mounts?: readonly Mount[] },
): ContainerSpec {
  return {
    name,
    image: pinnedImage(image),
    args: ["--v=2", `--csi-address=${SOCKET}`, ...args],
    mounts: [SOCKET_MOUNT, ...mounts],
    resources: resources(128),
    probes: { kind: "none", reason: "ends by itself when the driver is gone" },
    ...user,
  };
}

/** The sidecars that call the API, in the controller's pod. */
export function controllers(
  images: CinderCsiImages,
  user: ContainerUser,
  topology: boolean,
): readonly ContainerSpec[] {
  const elected = [
    "--timeout=3m",
    "--leader-election=true",
    `--leader-election-namespace=${CINDER_CSI.namespace}`,
  ];
  const sidecar = (name: string, image: PinnedImage, args: readonly string[]): ContainerSpec =>
    helper(name, image, [...elected, ...args], { user, mounts: [{ kind: "serviceAccount" }] });
  return [
    sidecar("csi-attacher", images.attacher, ["--default-fstype=ext4"]),
    sidecar("csi-provisioner", images.provisioner, [
      "--default-fstype=ext4",
      `--feature-gates=Topology=${topology}`,
      // Volumes name their claim in Cinder.
      "--extra-create-metadata",
    ]),
    sidecar("csi-snapshotter", images.snapshotter, ["--extra-create-metadata"]),
    // Cinder extends a volume while it is attached.
    sidecar("csi-resizer", images.resizer, ["--handle-volume-inuse-error=false"]),
  ];
}

/** Answers the kubelet's probe of the driver. @param address that it listens on, such as `:9808` */
export function liveness(images: CinderCsiImages, address: string, user: HelperUser): ContainerSpec {
  return helper(
    "liveness-probe",
    images.liveness,
    ["--probe-timeout=10s", `--http-endpoint=${address}`],
    user,
  );
}

/** Both probes of the driver, by the helper. @param host where only loopback is served */
export function driverProbes(port: number, host?: string): Probes {
  const probe: ProbeSpec = {
    kind: "http",
    ...(host === undefined ? {} : { host }),
    path: "/healthz",
    port,
    delay: 10,
    period: 30,
    timeout: 10,
    failures: 5,
  };
  return { kind: "both", readiness: probe, liveness: probe };
}

/** Requests are small; the CPU limit only stops runaway processes. */
export function resources(memoryMiB: number): Resources {
  return { request: { cpuMillis: 10, memoryMiB: 20 }, limit: { cpuMillis: 500, memoryMiB } };
}
