/**
 * An NFS server inside the cluster: NFS-Ganesha and a provisioner that creates a folder of its one block volume for
 * each claim, in one pod, as in nfs-ganesha-server-and-external-provisioner. The kubelet mounts the folders by the
 * node's own client.
 */
import { EnvFieldPaths, EnvValue, type IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { Size } from "../../../environment/plan/types";
import {
  ComponentNamespace,
  Naming,
  pinnedImage,
  SingleStore,
  VolumeClaim,
  type ContainerSpec,
  type Identity,
  type NamedPort,
  type ProbeSpec,
  type Resources,
  type SecurityException,
} from "../../../kit";
import { NFS_PROVISIONER_IMAGES } from "./images";
import { NFS_PORT, NFS_PROVISIONER, NfsProvisionerAccess, type NfsNetwork } from "./nfs-provisioner-access";

/**
 * All of them in both protocols: the program provisions no volume unless its Service has exactly these ports. NFSv4
 * needs only the first, and the network policy admits no other.
 */
const PORTS = bothProtocols({
  nfs: NFS_PORT,
  nlockmgr: 32803,
  mountd: 20048,
  rquotad: 875,
  rpcbind: 111,
  statd: 662,
});

const { name, namespace } = NFS_PROVISIONER;
const CLAIM = "nfs-export";
/** Mount point of the program's volume: folders, the list of its exports, its clients' state, its log. */
const EXPORT = "/export";

export interface NfsProvisionerProps {
  readonly environment: string;
  /** In the Service network. Volumes contain it: with another address, stored data is not found. */
  readonly address: string;
  /** Of the volume; claims have no limit of their own. */
  readonly size: Size;
  /** Class of the volume. */
  readonly blockClass: string;
  readonly network: NfsNetwork;
}

export class NfsProvisioner extends Construct {
  private readonly names: Naming;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NfsProvisionerProps,
  ) {
    super(scope, id);
    this.names = new Naming("storage", props.environment);
    const home = new ComponentNamespace(this, "Namespace", {
      ...this.identity(namespace),
      // Capabilities that read files by handle exceed the level `baseline`.
      enforce: "privileged",
    });
    new NfsProvisionerAccess(this, "Access", props);
    const { claim } = this.volume();
    home.admit(this.server(claim));
  }

  /** Contains the data of all claims. */
  private volume(): VolumeClaim {
    return new VolumeClaim(this, "Volume", {
      ...this.identity(CLAIM),
      namespace,
      size: this.props.size,
      storageClass: this.props.blockClass,
    });
  }

  /** One pod, stopped before it is replaced: its volume is on one node at a time. Clients wait while it moves. */
  private server(claim: IPersistentVolumeClaim): SingleStore {
    return new SingleStore(this, "Server", {
      ...this.identity(name),
      namespace,
      spelling: "lean",
      service: { name, address: this.props.address, ports: PORTS },
      serviceAccount: name,
      token: "everyContainer",
      nodeSelector: { "kubernetes.io/os": "linux" },
      // All file access depends on it, so it is scheduled first.
      priorityClass: "system-cluster-critical",
      // It does not exit by itself; data that it accepted is in the volume's cache.
      stopSeconds: 10,
      containers: [container()],
      volumes: { export: { kind: "claim", claim } },
    });
  }

  private identity(of: string): Identity {
    return this.names.identity(of, COMPONENT);
  }
}

const COMPONENT = "nfs-server";

/**
 * In addition to upstream's manifests, the needed part of the runtime's default set: changing files and their owners on
 * behalf of other users; ports below 1024; rpcbind, statd and D-Bus switch to other users and drop capabilities.
 */
const EXCEPTION: SecurityException = {
  reason:
    "serves files of all users by their handles, and starts rpcbind, statd and D-Bus, which write below /run and /var/lib",
  allow: ["rootUser", "writableRootFilesystem"],
  capabilities: [
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
  ],
};

function container(): ContainerSpec {
  return {
    name,
    image: pinnedImage(NFS_PROVISIONER_IMAGES.nfsProvisioner),
    args: [
      `-provisioner=${NFS_PROVISIONER.provisioner}`,
      // A volume's device number differs between nodes, so clients' handles would become stale when it moves.
      "-device-based-fsids=false",
    ],
    env: {
      POD_IP: EnvValue.fromFieldRef(EnvFieldPaths.POD_IP),
      POD_NAMESPACE: EnvValue.fromFieldRef(EnvFieldPaths.POD_NAMESPACE),
      SERVICE_NAME: name,
    },
    ports: Object.fromEntries(
      PORTS.map(({ name: title, port, protocol }) => [title, { number: port, protocol }]),
    ),
    mounts: [{ kind: "volume", volume: "export", path: EXPORT }],
    resources: RESOURCES,
    user: { uid: 0, gid: 0 },
    security: EXCEPTION,
    probes: {
      kind: "both",
      readiness: ANSWERS,
      // Late: a restart makes every client wait, and the program itself restarts a Ganesha that exited.
      liveness: { ...ANSWERS, delay: 60, period: 30, failures: 4 },
    },
  };
}

/** Ganesha responds to NFSv4's NULL call (program 100003): an open port alone proves less. */
const ANSWERS: ProbeSpec = {
  kind: "command",
  command: ["/usr/sbin/rpcinfo", "-T", "tcp", "127.0.0.1", "100003", "4"],
  timeout: 10,
};

/** Requests are those of a hub's drive (JH); Ganesha keeps the state of open files in memory. */
const RESOURCES: Resources = {
  request: { cpuMillis: 100, memoryMiB: 128 },
  limit: { cpuMillis: 2000, memoryMiB: 2048 },
};

function bothProtocols(
  ports: Readonly<Record<string, number>>,
): readonly Required<Omit<NamedPort, "targetPort">>[] {
  return Object.entries(ports).flatMap(([title, port]) => [
    { name: title, port, protocol: "TCP" as const },
    { name: `${title}-udp`, port, protocol: "UDP" as const },
  ]);
}
