/**
 * The driver that provisions and mounts volumes on NFS servers: csi-driver-nfs, as in its own manifests. It works on
 * the host, so its pods are privileged, in a namespace with nothing else. No resizer: sizes are not enforced. No
 * snapshotter: a snapshot would be a copy of all files on the same volume.
 */
import { EnvFieldPaths, EnvValue, k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import {
  ComponentNamespace,
  Controller,
  Naming,
  NodeAgent,
  ON_CONTROL_PLANES,
  pinnedImage,
  type ContainerSpec,
  type Image,
  type Mount,
  type PodVolume,
  type Probes,
  type ProbeSpec,
  type Resources,
} from "../../../kit";
import { CSI_NFS, CsiNfsAccess } from "./csi-nfs-access";
import { CSI_NFS_IMAGES } from "./images";

/** On the host's loopback, the driver's own numbers. */
const HEALTH_PORTS = { controller: 29652, node: 29653 } as const;

const KUBELET = "/var/lib/kubelet";
const SOCKET_FOLDER = "/csi";
const SOCKET = `${SOCKET_FOLDER}/csi.sock`;
/** Folder in which the kubelet finds the driver's socket. */
const PLUGIN_FOLDER = `${KUBELET}/plugins/csi-nfsplugin`;

export interface CsiNfsProps {
  readonly environment: string;
}

export class CsiNfs extends Construct {
  private readonly names: Naming;

  constructor(scope: Construct, id: string, props: CsiNfsProps) {
    super(scope, id);
    this.names = new Naming("storage", props.environment);
    const { namespace } = CSI_NFS;
    const componentNamespace = new ComponentNamespace(this, "Namespace", {
      ...this.names.identity(namespace, "driver"),
      enforce: "privileged",
    });
    new CsiNfsAccess(this, "Access", props);
    this.driver();
    componentNamespace.admit(this.controller(), this.mounter());
  }

  /** Volumes are not attached to nodes; the kubelet sets the group of files, as on a local disk. */
  private driver(): void {
    new k8s.KubeCsiDriver(this, "Driver", {
      metadata: this.names.metadata(CSI_NFS.driver, "driver"),
      spec: { attachRequired: false, volumeLifecycleModes: ["Persistent"], fsGroupPolicy: "File" },
    });
  }

  /** Creates and deletes folders. One replica: while it moves to another node, only new claims wait. */
  private controller(): Controller {
    return new Controller(this, "Controller", {
      ...this.pod(CSI_NFS.controller, "controller"),
      replicas: 1,
      // Two on one node would need the same host port.
      update: "inPlace",
      priorityClass: "system-cluster-critical",
      tolerations: [ON_CONTROL_PLANES],
      containers: [provisioner(), liveness(HEALTH_PORTS.controller), plugin(HEALTH_PORTS.controller)],
      volumes: { socket: { kind: "scratch" }, pods: PODS_FOLDER },
    });
  }

  /** Mounts folders for pods, on every node regardless of taints. */
  private mounter(): NodeAgent {
    return new NodeAgent(this, "Node", {
      ...this.pod(CSI_NFS.node, "node"),
      priorityClass: "system-node-critical",
      tolerations: [{ kind: "all" }],
      containers: [liveness(HEALTH_PORTS.node), registrar(), plugin(HEALTH_PORTS.node)],
      volumes: {
        socket: { kind: "host", path: PLUGIN_FOLDER, type: "DirectoryOrCreate" },
        registration: { kind: "host", path: `${KUBELET}/plugins_registry`, type: "Directory" },
        pods: PODS_FOLDER,
      },
    });
  }

  /** In the host's network: a mount outlives the pod that created it, and so must its connection. */
  private pod(name: string, component: string) {
    return { ...this.names.identity(name, component), serviceAccount: name, ...ON_LINUX_HOSTS };
  }
}

const ON_LINUX_HOSTS = {
  namespace: CSI_NFS.namespace,
  hostNetwork: true,
  nodeSelector: { "kubernetes.io/os": "linux" },
} as const;

const PODS_FOLDER: PodVolume = { kind: "host", path: `${KUBELET}/pods`, type: "Directory" };

const SOCKET_MOUNT: Mount = { kind: "volume", volume: "socket", path: SOCKET_FOLDER };

/** A helper beside the driver: root without capabilities and without writable paths. */
function helper(
  name: string,
  from: Image,
  args: readonly string[],
  mounts: readonly Mount[] = [],
): ContainerSpec {
  return {
    name,
    image: from,
    args,
    mounts: [SOCKET_MOUNT, ...mounts],
    resources: resources(200),
    user: "image",
    security: { reason: "the driver's socket belongs to root", allow: ["rootUser"] },
    probes: { kind: "none", reason: "ends by itself when the driver is gone" },
  };
}

function provisioner(): ContainerSpec {
  const args = [
    "--v=2",
    `--csi-address=${SOCKET}`,
    "--leader-election",
    `--leader-election-namespace=${CSI_NFS.namespace}`,
    // The class names folders by namespace and claim.
    "--extra-create-metadata=true",
    "--feature-gates=VolumeAttributesClass=false",
    "--timeout=1200s",
    "--retry-interval-max=30m",
  ];
  return helper("csi-provisioner", pinnedImage(CSI_NFS_IMAGES.provisioner), args, [
    { kind: "serviceAccount" },
  ]);
}

function registrar(): ContainerSpec {
  const args = ["--v=2", `--csi-address=${SOCKET}`, `--kubelet-registration-path=${PLUGIN_FOLDER}/csi.sock`];
  return helper("node-driver-registrar", pinnedImage(CSI_NFS_IMAGES.registrar), args, [
    { kind: "volume", volume: "registration", path: "/registration" },
  ]);
}

function liveness(port: number): ContainerSpec {
  return helper("liveness-probe", pinnedImage(CSI_NFS_IMAGES.liveness), [
    "--v=2",
    `--csi-address=${SOCKET}`,
    "--probe-timeout=3s",
    `--http-endpoint=localhost:${port}`,
  ]);
}

function plugin(port: number): ContainerSpec {
  return {
    name: "nfs",
    image: pinnedImage(CSI_NFS_IMAGES.driver),
    args: ["--v=2", "--nodeid=$(NODE_ID)", `--endpoint=unix://${SOCKET}`],
    env: { NODE_ID: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME) },
    ports: { healthz: port },
    mounts: [
      SOCKET_MOUNT,
      { kind: "volume", volume: "pods", path: `${KUBELET}/pods`, propagation: "Bidirectional" },
    ],
    resources: resources(300),
    user: "image",
    security: {
      reason: "mounts for other pods, on the host",
      allow: ["privileged", "rootUser", "writableRootFilesystem"],
    },
    probes: httpProbes(port),
  };
}

function httpProbes(port: number): Probes {
  const probe: ProbeSpec = {
    kind: "http",
    host: "localhost",
    path: "/healthz",
    port,
    period: 30,
    timeout: 10,
    failures: 5,
  };
  return { kind: "both", readiness: probe, liveness: probe };
}

/** Requests are the driver's own; the CPU limit only stops runaway processes. */
function resources(memoryMiB: number): Resources {
  return { request: { cpuMillis: 10, memoryMiB: 20 }, limit: { cpuMillis: 500, memoryMiB } };
}
