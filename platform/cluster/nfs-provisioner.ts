/**
 * An NFS server inside the cluster: NFS-Ganesha and what makes a folder of its one block volume for each claim, in one
 * pod, as nfs-ganesha-server-and-external-provisioner has them. The kubelet mounts the folders by the node's own client.
 */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { deployOptions } from "../../deploy/object-options";
import type { Size } from "../../environment/config";
import { ENFORCED_LEVEL, image, labelsOf, selectorOf } from "../../kit";
import { NFS_PORT, NFS_PROVISIONER, NfsProvisionerAccess, type NfsNetwork } from "./nfs-provisioner-access";

/** With Ganesha 4.0.8; nothing newer has been released since March 2023. */
const IMAGE = image("registry.k8s.io/sig-storage/nfs-provisioner", "v4.0.8");

/**
 * All of both protocols: the program makes no volume while its Service has not exactly these. NFSv4 needs the first
 * alone, and the policy lets nothing else in.
 */
const PORTS = {
  nfs: NFS_PORT,
  nlockmgr: 32803,
  mountd: 20048,
  rquotad: 875,
  rpcbind: 111,
  statd: 662,
} as const;

const { name, namespace } = NFS_PROVISIONER;
const CLAIM = "nfs-export";
/** Where the program has its volume: folders, the list of its exports, its clients' state, its log. */
const EXPORT = "/export";

export interface NfsProvisionerProps {
  readonly environment: string;
  /** Of the Service network. Volumes carry it: with another one, nobody finds what is stored. */
  readonly address: string;
  /** The volume's; claims have no limit of their own. */
  readonly size: Size;
  /** Class of the volume. */
  readonly blockClass: string;
  readonly network: NfsNetwork;
}

export class NfsProvisioner extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: NfsProvisionerProps,
  ) {
    super(scope, id);
    this.namespace();
    new NfsProvisionerAccess(this, "Access", props);
    this.claim();
    this.service();
    this.server();
  }

  /** Capabilities that read files by their handles are beyond the level `baseline`. */
  private namespace(): void {
    new k8s.KubeNamespace(this, "Namespace", {
      metadata: { name: namespace, labels: { ...this.labels(namespace), [ENFORCED_LEVEL]: "privileged" } },
    });
  }

  /** Everything that all claims hold: never deleted by a change of the program. */
  private claim(): void {
    const claim = new k8s.KubePersistentVolumeClaim(this, "Claim", {
      metadata: this.metadata(CLAIM),
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: this.props.blockClass,
        resources: { requests: { storage: k8s.Quantity.fromString(this.props.size) } },
      },
    });
    deployOptions(claim, { protect: true });
  }

  private service(): void {
    new k8s.KubeService(this, "Service", {
      metadata: this.metadata(name),
      spec: {
        type: "ClusterIP",
        clusterIp: this.props.address,
        selector: { ...selectorOf({ name }) },
        ports: eachPort((port, protocol, title) => ({
          name: title,
          port,
          protocol,
          targetPort: k8s.IntOrString.fromNumber(port),
        })),
      },
    });
  }

  /**
   * One, stopped before it is replaced: its volume is on one node at a time. No PodDisruptionBudget, because one that
   * protects a single pod blocks every drain; clients wait while it moves.
   */
  private server(): void {
    new k8s.KubeStatefulSet(this, "Server", {
      metadata: this.metadata(name),
      spec: {
        replicas: 1,
        revisionHistoryLimit: 3,
        serviceName: name,
        podManagementPolicy: "OrderedReady",
        updateStrategy: { type: "RollingUpdate" },
        selector: { matchLabels: { ...selectorOf({ name }) } },
        template: {
          metadata: {
            labels: this.labels(name),
            annotations: { [`labstead.dev/security-exception.${name}`]: EXCEPTION },
          },
          spec: pod(),
        },
      },
    });
  }

  private metadata(of: string): k8s.ObjectMeta {
    return { name: of, namespace, labels: this.labels(of) };
  }

  private labels(of: string): Record<string, string> {
    const { environment } = this.props;
    return { ...labelsOf({ name: of, partOf: "storage", component: "nfs-server", environment }) };
  }
}

const EXCEPTION =
  "rootUser, writableRootFilesystem, DAC_READ_SEARCH, SYS_RESOURCE: serves files of all users by their handles, and starts rpcbind, statd and D-Bus, which write below /run and /var/lib";

/**
 * Beside those of upstream's manifests, what is left of the runtime's own set: others' files are made, changed and given
 * away in their names; ports below 1024; rpcbind, statd and D-Bus take other users and drop what they do not need.
 */
const CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "NET_BIND_SERVICE",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_RESOURCE",
];

function pod(): k8s.PodSpec {
  return {
    serviceAccountName: name,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    nodeSelector: { "kubernetes.io/os": "linux" },
    // Everybody's files wait for it: it finds room before others do.
    priorityClassName: "system-cluster-critical",
    // It has no end of its own to come to; what it took is in the volume's cache.
    terminationGracePeriodSeconds: 10,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containers: [container()],
    volumes: [{ name: "export", persistentVolumeClaim: { claimName: CLAIM } }],
  };
}

function container(): k8s.Container {
  return {
    name,
    image: IMAGE,
    imagePullPolicy: "IfNotPresent",
    args: [
      `-provisioner=${NFS_PROVISIONER.provisioner}`,
      // A volume has another device number on another node, and clients' handles would go stale with it.
      "-device-based-fsids=false",
    ],
    env: [
      { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "SERVICE_NAME", value: name },
    ],
    ports: eachPort((containerPort, protocol, title) => ({ name: title, containerPort, protocol })),
    resources: RESOURCES,
    securityContext: {
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: false,
      runAsUser: 0,
      runAsGroup: 0,
      capabilities: { drop: ["ALL"], add: CAPABILITIES },
    },
    readinessProbe: { ...ANSWERS, initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 3 },
    // Late: a restart makes every client wait, and the program restarts a Ganesha that has ended by itself.
    livenessProbe: { ...ANSWERS, initialDelaySeconds: 60, periodSeconds: 30, failureThreshold: 4 },
    volumeMounts: [{ name: "export", mountPath: EXPORT }],
  };
}

/** Ganesha answers NFSv4's empty call (program 100003): that its port is open says less. */
const ANSWERS: k8s.Probe = {
  exec: { command: ["/usr/sbin/rpcinfo", "-T", "tcp", "127.0.0.1", "100003", "4"] },
  timeoutSeconds: 10,
};

/** Requests are those of a hub's drive (JH); Ganesha keeps what it knows of open files in memory. */
const RESOURCES: k8s.ResourceRequirements = {
  requests: { cpu: k8s.Quantity.fromString("100m"), memory: k8s.Quantity.fromString("128Mi") },
  limits: { cpu: k8s.Quantity.fromString("2"), memory: k8s.Quantity.fromString("2Gi") },
};

function eachPort<T>(make: (port: number, protocol: "TCP" | "UDP", title: string) => T): T[] {
  return Object.entries(PORTS).flatMap(([title, port]) => [
    make(port, "TCP", title),
    make(port, "UDP", `${title}-udp`),
  ]);
}
