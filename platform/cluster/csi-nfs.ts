/**
 * The driver that makes and mounts volumes on NFS servers: csi-driver-nfs, as its own manifests have it. It works on the
 * host, so its pods are privileged, in a namespace that holds nothing else. No resizer: sizes are not enforced. No
 * snapshotter: a snapshot would be a copy of all files on the same volume.
 */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { ENFORCED_LEVEL, image, labelsOf, selectorOf, type Identity, type Image } from "../../kit";
import { CSI_NFS, CsiNfsAccess } from "./csi-nfs-access";

/** 4.13.4 and the sidecars that its release names; Kubernetes 1.21 and later. */
const IMAGES = {
  driver: image("registry.k8s.io/sig-storage/nfsplugin", "v4.13.4"),
  provisioner: image("registry.k8s.io/sig-storage/csi-provisioner", "v6.3.0"),
  registrar: image("registry.k8s.io/sig-storage/csi-node-driver-registrar", "v2.17.0"),
  liveness: image("registry.k8s.io/sig-storage/livenessprobe", "v2.19.0"),
} as const;

/** On the host's loopback, the driver's own numbers. */
const HEALTH_PORTS = { controller: 29652, node: 29653 } as const;

const KUBELET = "/var/lib/kubelet";
const SOCKET_FOLDER = "/csi";
const SOCKET = `${SOCKET_FOLDER}/csi.sock`;
/** Where the kubelet finds the driver's socket. */
const PLUGIN_FOLDER = `${KUBELET}/plugins/csi-nfsplugin`;

export interface CsiNfsProps {
  readonly environment: string;
}

export class CsiNfs extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: CsiNfsProps,
  ) {
    super(scope, id);
    this.namespace();
    new CsiNfsAccess(this, "Access", props);
    this.driver();
    this.controller();
    this.mounter();
  }

  private namespace(): void {
    const { namespace: name } = CSI_NFS;
    new k8s.KubeNamespace(this, "Namespace", {
      metadata: { name, labels: { ...this.labels(name, "driver"), [ENFORCED_LEVEL]: "privileged" } },
    });
  }

  /** Nothing is attached to a node, and files get their group from the kubelet as on a local disk. */
  private driver(): void {
    new k8s.KubeCsiDriver(this, "Driver", {
      metadata: { name: CSI_NFS.driver, labels: this.labels(CSI_NFS.driver, "driver") },
      spec: { attachRequired: false, volumeLifecycleModes: ["Persistent"], fsGroupPolicy: "File" },
    });
  }

  /** Makes and removes folders. One: while it moves to another node, only new claims wait. */
  private controller(): void {
    const name = CSI_NFS.controller;
    new k8s.KubeDeployment(this, "Controller", {
      metadata: this.metadata(name, "controller"),
      spec: {
        replicas: 1,
        revisionHistoryLimit: 3,
        // Two on one node would want the same port of the host.
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: {
            maxSurge: k8s.IntOrString.fromNumber(0),
            maxUnavailable: k8s.IntOrString.fromNumber(1),
          },
        },
        selector: { matchLabels: { ...selectorOf({ name }) } },
        template: this.pod(name, "controller", {
          priorityClassName: "system-cluster-critical",
          tolerations: CONTROL_PLANE,
          containers: [provisioner(), liveness(HEALTH_PORTS.controller), plugin(HEALTH_PORTS.controller)],
          volumes: [{ name: "socket", emptyDir: {} }, PODS_FOLDER, TOKEN],
        }),
      },
    });
  }

  /** Mounts folders for pods, on every node whatever its taints. */
  private mounter(): void {
    const name = CSI_NFS.node;
    new k8s.KubeDaemonSet(this, "Node", {
      metadata: this.metadata(name, "node"),
      spec: {
        revisionHistoryLimit: 3,
        updateStrategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(1) },
        },
        selector: { matchLabels: { ...selectorOf({ name }) } },
        template: this.pod(name, "node", {
          priorityClassName: "system-node-critical",
          tolerations: [{ operator: "Exists" }],
          containers: [liveness(HEALTH_PORTS.node), registrar(), plugin(HEALTH_PORTS.node)],
          volumes: [
            { name: "socket", hostPath: { path: PLUGIN_FOLDER, type: "DirectoryOrCreate" } },
            { name: "registration", hostPath: { path: `${KUBELET}/plugins_registry`, type: "Directory" } },
            PODS_FOLDER,
          ],
        }),
      },
    });
  }

  /** In the host's network: a mount outlives the pod that made it, and its connection has to. */
  private pod(name: string, component: string, spec: k8s.PodSpec): k8s.PodTemplateSpec {
    const annotations = Object.fromEntries(
      spec.containers.flatMap((each) => [
        [`labstead.dev/security-exception.${each.name}`, SECURITY[each.name] ?? AS_ROOT],
        ...(each.livenessProbe === undefined
          ? [[`labstead.dev/probes-exception.${each.name}`, "ends by itself when the driver is gone"]]
          : []),
      ]),
    ) as Record<string, string>;
    return {
      metadata: { labels: this.labels(name, component), annotations },
      spec: {
        serviceAccountName: name,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        hostNetwork: true,
        dnsPolicy: "ClusterFirstWithHostNet",
        nodeSelector: { "kubernetes.io/os": "linux" },
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        ...spec,
      },
    };
  }

  private metadata(name: string, component: string): k8s.ObjectMeta {
    return { name, namespace: CSI_NFS.namespace, labels: this.labels(name, component) };
  }

  private labels(name: string, component: string): Record<string, string> {
    const identity: Identity = { name, partOf: "storage", component, environment: this.props.environment };
    return { ...labelsOf(identity) };
  }
}

const AS_ROOT = "rootUser: the driver's socket belongs to root";
const SECURITY: Readonly<Record<string, string>> = {
  nfs: "privileged, rootUser, writableRootFilesystem: mounts for other pods, on the host",
};

const CONTROL_PLANE: k8s.Toleration[] = [
  { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
];

const PODS_FOLDER: k8s.Volume = {
  name: "pods",
  hostPath: { path: `${KUBELET}/pods`, type: "Directory" },
};

/** What the kubelet would lay there by itself, for every container. */
const TOKEN: k8s.Volume = {
  name: "service-account",
  projected: {
    defaultMode: 0o400,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardApi: {
          items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
        },
      },
    ],
  },
};

/** A helper beside the driver: root without any capability, and nothing to write to. */
function helper(
  name: string,
  from: Image,
  args: readonly string[],
  more: Partial<k8s.Container> = {},
): k8s.Container {
  return {
    name,
    image: from,
    imagePullPolicy: "IfNotPresent",
    args: [...args],
    resources: resources(200),
    securityContext: {
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...more,
    volumeMounts: [{ name: "socket", mountPath: SOCKET_FOLDER }, ...(more.volumeMounts ?? [])],
  };
}

function provisioner(): k8s.Container {
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
  return helper("csi-provisioner", IMAGES.provisioner, args, {
    volumeMounts: [
      { name: TOKEN.name, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
    ],
  });
}

function registrar(): k8s.Container {
  const args = ["--v=2", `--csi-address=${SOCKET}`, `--kubelet-registration-path=${PLUGIN_FOLDER}/csi.sock`];
  return helper("node-driver-registrar", IMAGES.registrar, args, {
    volumeMounts: [{ name: "registration", mountPath: "/registration" }],
  });
}

function liveness(port: number): k8s.Container {
  return helper("liveness-probe", IMAGES.liveness, [
    "--v=2",
    `--csi-address=${SOCKET}`,
    "--probe-timeout=3s",
    `--http-endpoint=localhost:${port}`,
  ]);
}

function plugin(port: number): k8s.Container {
  const probe: k8s.Probe = {
    httpGet: { host: "localhost", path: "/healthz", port: k8s.IntOrString.fromNumber(port) },
    initialDelaySeconds: 5,
    periodSeconds: 30,
    timeoutSeconds: 10,
    failureThreshold: 5,
  };
  return {
    name: "nfs",
    image: IMAGES.driver,
    imagePullPolicy: "IfNotPresent",
    args: ["--v=2", "--nodeid=$(NODE_ID)", `--endpoint=unix://${SOCKET}`],
    env: [{ name: "NODE_ID", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    // Declared so that the scheduler never puts two on one host.
    ports: [{ name: "healthz", containerPort: port, hostPort: port, protocol: "TCP" }],
    resources: resources(300),
    securityContext: { privileged: true },
    livenessProbe: probe,
    readinessProbe: probe,
    volumeMounts: [
      { name: "socket", mountPath: SOCKET_FOLDER },
      { name: PODS_FOLDER.name, mountPath: `${KUBELET}/pods`, mountPropagation: "Bidirectional" },
    ],
  };
}

/** Requests are the driver's own; a limit of CPU only so that nothing runs away. */
function resources(memoryMiB: number): k8s.ResourceRequirements {
  const quantity = (text: string) => k8s.Quantity.fromString(text);
  return {
    requests: { cpu: quantity("10m"), memory: quantity("20Mi") },
    limits: { cpu: quantity("500m"), memory: quantity(`${memoryMiB}Mi`) },
  };
}
