/**
 * Cinder's CSI driver: a controller that creates, attaches, extends and snapshots volumes, and a pod on every node that
 * mounts them. With the snapshot API of Kubernetes, which is no part of its API server.
 */
import { ApiObject, Chart, type App } from "cdk8s";
import { EnvFieldPaths, EnvValue, k8s } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import {
  ComponentNamespace,
  ConfigFile,
  Controller,
  Naming,
  NOBODY,
  NodeAgent,
  ON_CONTROL_PLANES,
  pinnedImage,
  type ContainerSpec,
  type Mount,
  type PodVolume,
} from "../../../kit";
import { cloudConfigFile, FROM_CONFIG_DRIVE } from "../cloud-controller/cloud-config";
import { CLOUD_CONFIG_PATH, cloudSecret } from "../cloud-controller/cloud-secret";
import type { CloudLogin } from "../cloud-controller/login";
import { CINDER_CSI, CinderCsiAccess } from "./access";
import type { CinderCsiImages } from "./images";
import {
  controllers,
  driverProbes,
  helper,
  liveness,
  resources,
  SOCKET,
  SOCKET_MOUNT,
  type HelperUser,
} from "./sidecars";
import { SNAPSHOT_DEFINITIONS } from "./snapshot-definitions";

export interface CinderCsiChartProps {
  readonly environment: string;
  /** Each volume carries it in its metadata. */
  readonly cluster: string;
  readonly images: CinderCsiImages;
  readonly login: CloudLogin;
  /** Whether volumes are in the zone of the node that uses them. */
  readonly topology: boolean;
  /** Whether nodes of every zone may attach a volume, whatever zone Cinder names. */
  readonly ignoreVolumeZones: boolean;
  /** Name of the class of snapshots. */
  readonly snapshotClass: string;
}

const HEALTH_PORTS = { controller: 9808, node: 29654 } as const;
const KUBELET = "/var/lib/kubelet";
/** Folder in which the kubelet finds the driver's socket. */
const PLUGIN_FOLDER = `${KUBELET}/plugins/${CINDER_CSI.driver}`;
const { namespace } = CINDER_CSI;

/** The socket of the controller's pod belongs to the pod's one user; on a node it is root's. */
const UNPRIVILEGED: HelperUser = { user: NOBODY };
const ON_NODE: HelperUser = {
  user: "image",
  security: { reason: "the driver's socket belongs to root", allow: ["rootUser"] },
};

export class CinderCsiChart extends Chart {
  private readonly names: Naming;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CinderCsiChartProps,
  ) {
    super(scope, id);
    const { environment } = props;
    this.names = new Naming("storage", environment);
    const componentNamespace = new ComponentNamespace(this, "Namespace", {
      ...this.names.identity(namespace, "volumes"),
      enforce: "privileged",
    });
    new CinderCsiAccess(this, "Access", { environment });
    this.driver();
    componentNamespace.admit(this.controller(), this.mounter(), this.snapshots());
  }

  /** Not for ephemeral volumes: a pod would get them without a claim, past its namespace's quota. */
  private driver(): void {
    new k8s.KubeCsiDriver(this, "Driver", {
      metadata: this.names.metadata(CINDER_CSI.driver, "volumes"),
      spec: { attachRequired: true, podInfoOnMount: false, volumeLifecycleModes: ["Persistent"] },
    });
  }

  private controller(): Controller {
    const { images, topology, cluster, login } = this.props;
    const config = cloudSecret(this, "Config", {
      ...this.names.identity("cloud-config", "volumes"),
      namespace,
      login,
      sections: this.sections,
    });
    return new Controller(this, "Controller", {
      ...this.names.identity(CINDER_CSI.controller, "volumes"),
      namespace,
      serviceAccount: CINDER_CSI.controller,
      replicas: 1,
      priorityClass: "system-cluster-critical",
      tolerations: [ON_CONTROL_PLANES],
      fsGroup: NOBODY.gid,
      containers: [
        this.plugin(["--provide-node-service=false", `--cluster=${cluster}`], config, {
          ...UNPRIVILEGED,
          ports: { healthz: HEALTH_PORTS.controller },
          probes: driverProbes(HEALTH_PORTS.controller),
        }),
        ...controllers(images, NOBODY, topology),
        liveness(images, `:${HEALTH_PORTS.controller}`, UNPRIVILEGED),
      ],
      volumes: { socket: { kind: "scratch" } },
    });
  }

  /** On every node regardless of taints. It logs in nowhere: the server's id and zone are on its config drive. */
  private mounter(): NodeAgent {
    const { images } = this.props;
    const config = new ConfigFile(this, "NodeConfig", {
      ...this.names.identity("node-config", "volumes"),
      namespace,
      key: "cloud.conf",
      content: cloudConfigFile(this.sections),
    });
    const configMount: Mount = { kind: "config", path: CLOUD_CONFIG_PATH, config };
    return new NodeAgent(this, "Node", {
      ...this.names.identity(CINDER_CSI.node, "volumes"),
      namespace,
      serviceAccount: CINDER_CSI.node,
      hostNetwork: true,
      nodeSelector: { "kubernetes.io/os": "linux" },
      priorityClass: "system-node-critical",
      tolerations: [{ kind: "all" }],
      containers: [
        this.plugin(
          ["--provide-controller-service=false"],
          configMount,
          {
            user: "image",
            security: {
              reason: "formats disks and mounts them for other pods, on the host",
              allow: ["privileged", "rootUser", "writableRootFilesystem"],
            },
            ports: { healthz: HEALTH_PORTS.node },
            probes: driverProbes(HEALTH_PORTS.node, "localhost"),
          },
          NODE_MOUNTS,
        ),
        registrar(images),
        liveness(images, `localhost:${HEALTH_PORTS.node}`, ON_NODE),
      ],
      volumes: NODE_VOLUMES,
    });
  }

  /** The definitions come first; the bridge registers them before objects of their kinds. */
  private snapshots(): Controller {
    const { images, snapshotClass } = this.props;
    for (const { name, spec, approved } of SNAPSHOT_DEFINITIONS)
      new ApiObject(this, name, {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: {
          ...this.names.metadata(name, "snapshots"),
          annotations: { "api-approved.kubernetes.io": approved },
        },
        spec,
      });
    new ApiObject(this, "SnapshotClass", {
      apiVersion: "snapshot.storage.k8s.io/v1",
      kind: "VolumeSnapshotClass",
      metadata: {
        ...this.names.metadata(snapshotClass, "snapshots"),
        annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" },
      },
      driver: CINDER_CSI.driver,
      deletionPolicy: "Delete",
      // Of volumes that a pod uses, too; else the driver asks Cinder in a way that it refuses for those.
      parameters: { "force-create": "true" },
    });
    return new Controller(this, "Snapshots", {
      ...this.names.identity(CINDER_CSI.snapshots, "snapshots"),
      namespace,
      serviceAccount: CINDER_CSI.snapshots,
      replicas: 1,
      priorityClass: "system-cluster-critical",
      tolerations: [ON_CONTROL_PLANES],
      containers: [
        {
          name: "snapshot-controller",
          image: pinnedImage(images.snapshotController),
          args: ["--v=2", "--leader-election=true", `--leader-election-namespace=${namespace}`],
          mounts: [{ kind: "serviceAccount" }],
          resources: resources(128),
          user: NOBODY,
          probes: { kind: "none", reason: "ends by itself when it loses its lease" },
        },
      ],
    });
  }

  private get sections() {
    return {
      BlockStorage: { "ignore-volume-az": this.props.ignoreVolumeZones },
      Metadata: FROM_CONFIG_DRIVE,
    };
  }

  private plugin(
    args: readonly string[],
    config: Mount,
    role: HelperUser & Pick<ContainerSpec, "ports" | "probes">,
    mounts: readonly Mount[] = [],
  ): ContainerSpec {
    const { images, topology } = this.props;
    return {
      name: "cinder-csi-plugin",
      image: pinnedImage(images.driver),
      command: ["/bin/cinder-csi-plugin"],
      args: [
        "--v=1",
        `--endpoint=unix://${SOCKET}`,
        `--cloud-config=${CLOUD_CONFIG_PATH}`,
        `--with-topology=${topology}`,
        ...args,
      ],
      mounts: [SOCKET_MOUNT, config, ...mounts],
      resources: resources(300),
      ...role,
    };
  }
}

/** A mount that the driver makes must appear on the host, and a disk that appears there must be visible to it. */
const NODE_MOUNTS: readonly Mount[] = [
  { kind: "volume", volume: "kubelet", path: KUBELET, propagation: "Bidirectional" },
  { kind: "volume", volume: "devices", path: "/dev", propagation: "HostToContainer" },
];

const NODE_VOLUMES: Readonly<Record<string, PodVolume>> = {
  socket: { kind: "host", path: PLUGIN_FOLDER, type: "DirectoryOrCreate" },
  registration: { kind: "host", path: `${KUBELET}/plugins_registry`, type: "Directory" },
  kubelet: { kind: "host", path: KUBELET, type: "Directory" },
  devices: { kind: "host", path: "/dev", type: "Directory" },
};

function registrar(images: CinderCsiImages): ContainerSpec {
  const args = [`--kubelet-registration-path=${PLUGIN_FOLDER}/csi.sock`];
  return {
    ...helper("node-driver-registrar", images.registrar, args, {
      ...ON_NODE,
      mounts: [{ kind: "volume", volume: "registration", path: "/registration" }],
    }),
    env: { KUBE_NODE_NAME: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME) },
  };
}

export function cinderCsiCharts(scope: App, plan: CinderCsiChartProps): void {
  new CinderCsiChart(scope, "cinder-csi", plan);
}
