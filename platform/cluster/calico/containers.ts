/** Containers of Calico, as in its own manifests of 3.32, without those of its eBPF data plane. */
import { EnvFieldPaths, EnvValue } from "cdk8s-plus-27";
import type { CalicoEncapsulation } from "../../../environment/network-plugin";
import { assertNever } from "../../../errors/assert-never";
import {
  pinnedImage,
  type ContainerSpec,
  type Mount,
  type PodVolume,
  type TaskContainerSpec,
} from "../../../kit";
import { INSTALLER, MODULES, NODE_VOLUMES, XTABLES } from "../node-network";
import type { CalicoChartProps } from "./props";
import { CALICO_IMAGES, TYPHA_IMAGES } from "./images";
import { CALICO_NAMESPACE } from "./namespace";

/** Service of Typha, and the port that Felix looks up in it by this name. */
export const TYPHA = { name: "calico-typha", port: 5473, healthPort: 9098 } as const;

/** BGP, by the program bird, announces routes to nodes; VXLAN needs none. */
const usesBird = (encapsulation: CalicoEncapsulation): boolean => encapsulation !== "vxlan";

export const CALICO_VOLUMES = {
  ...NODE_VOLUMES,
  run: { kind: "host", path: "/var/run/calico", type: "DirectoryOrCreate" },
  state: { kind: "host", path: "/var/lib/calico", type: "DirectoryOrCreate" },
} as const satisfies Readonly<Record<string, PodVolume>>;

const mount = (volume: keyof typeof CALICO_VOLUMES, path: string): Mount => ({
  kind: "volume",
  volume,
  path,
});

/** The same file of the node for the installer, which writes it, and for Felix, which renews its token. */
const CONFIGURATION = mount("configuration", "/host/etc/cni/net.d");

/** Puts the plugin, its configuration and a token on the node. It fills in the names between underscores. */
export function installer({ podMtu }: CalicoChartProps): TaskContainerSpec {
  const plugin = {
    type: "calico",
    log_level: "info",
    log_file_path: "/var/log/calico/cni/cni.log",
    datastore_type: "kubernetes",
    nodename: "__KUBERNETES_NODE_NAME__",
    mtu: podMtu,
    ipam: { type: "calico-ipam" },
    policy: { type: "k8s" },
    kubernetes: { kubeconfig: "__KUBECONFIG_FILEPATH__" },
  };
  const ports = { type: "portmap", snat: true, capabilities: { portMappings: true } };
  return {
    ...INSTALLER,
    name: "install-cni",
    image: pinnedImage(CALICO_IMAGES.cni),
    command: ["/opt/cni/bin/install"],
    env: {
      CNI_CONF_NAME: "10-calico.conflist",
      CNI_NETWORK_CONFIG: JSON.stringify({
        name: "k8s-pod-network",
        cniVersion: "1.0.0",
        plugins: [plugin, ports],
      }),
      KUBERNETES_NODE_NAME: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME),
      SLEEP: "false",
    },
    mounts: [{ kind: "serviceAccount" }, mount("binaries", "/host/opt/cni/bin"), CONFIGURATION],
  };
}

export function node(props: CalicoChartProps): ContainerSpec {
  const { encapsulation } = props;
  const bird = usesBird(encapsulation);
  const asks = (what: "live" | "ready"): readonly string[] => [
    "/bin/calico-node",
    `-felix-${what}`,
    ...(bird ? [`-bird-${what}`] : []),
  ];
  return {
    name: "calico-node",
    image: pinnedImage(CALICO_IMAGES.node),
    env: environment(props),
    mounts: [
      { kind: "serviceAccount" },
      CONFIGURATION,
      MODULES,
      XTABLES,
      mount("run", "/var/run/calico"),
      mount("state", "/var/lib/calico"),
    ],
    resources: { request: { cpuMillis: 250, memoryMiB: 200 }, limit: { cpuMillis: 2000, memoryMiB: 1024 } },
    user: "image",
    security: {
      reason: "sets interfaces, routes, rules and kernel settings of the node",
      allow: ["privileged", "rootUser", "writableRootFilesystem"],
    },
    lifecycle: { preStop: { kind: "command", command: ["/bin/calico-node", "-shutdown"] } },
    probes: {
      kind: "both",
      readiness: { kind: "command", command: asks("ready"), timeout: 10 },
      liveness: { kind: "command", command: asks("live"), delay: 10, timeout: 10, failures: 6 },
    },
  };
}

function environment({ encapsulation, podCidr, podMtu, nftables, typhaReplicas }: CalicoChartProps) {
  const mtu = String(podMtu);
  return {
    DATASTORE_TYPE: "kubernetes",
    WAIT_FOR_DATASTORE: "true",
    NODENAME: EnvValue.fromFieldRef(EnvFieldPaths.NODE_NAME),
    CALICO_NETWORKING_BACKEND: usesBird(encapsulation) ? "bird" : "vxlan",
    CLUSTER_TYPE: "k8s,bgp",
    IP: "autodetect",
    // The address that the plan gave to the node, and no other interface's.
    IP_AUTODETECTION_METHOD: "kubernetes-internal-ip",
    CALICO_IPV4POOL_CIDR: podCidr,
    ...pool(encapsulation),
    FELIX_IPINIPMTU: mtu,
    FELIX_VXLANMTU: mtu,
    FELIX_NFTABLESMODE: nftables ? "Enabled" : "Disabled",
    CALICO_DISABLE_FILE_LOGGING: "true",
    FELIX_DEFAULTENDPOINTTOHOSTACTION: "ACCEPT",
    FELIX_IPV6SUPPORT: "false",
    FELIX_HEALTHENABLED: "true",
    ...(typhaReplicas === undefined
      ? {}
      : { FELIX_TYPHAK8SSERVICENAME: TYPHA.name, FELIX_TYPHAK8SNAMESPACE: CALICO_NAMESPACE }),
  };
}

/** Always, never `CrossSubnet`: nodes are in one subnet, where that would send packets bare, and Neutron drops those. */
function pool(encapsulation: CalicoEncapsulation): Readonly<Record<string, string>> {
  const modes = (ipip: string, vxlan: string) => ({
    CALICO_IPV4POOL_IPIP: ipip,
    CALICO_IPV4POOL_VXLAN: vxlan,
  });
  switch (encapsulation) {
    case "vxlan":
      return modes("Never", "Always");
    case "ipip":
      return modes("Always", "Never");
    case "none":
      return modes("Never", "Never");
    default:
      return assertNever(encapsulation);
  }
}

export function controllers(): ContainerSpec {
  const asks = (flag: "-l" | "-r"): readonly string[] => ["/usr/bin/check-status", flag];
  return {
    name: "calico-kube-controllers",
    image: pinnedImage(CALICO_IMAGES.controllers),
    env: { ENABLED_CONTROLLERS: "node", DATASTORE_TYPE: "kubernetes" },
    mounts: [{ kind: "serviceAccount" }],
    resources: { request: { cpuMillis: 20, memoryMiB: 60 }, limit: { cpuMillis: 500, memoryMiB: 300 } },
    user: "image",
    security: {
      reason: "writes its state for the probes beside the image's own files",
      allow: ["writableRootFilesystem"],
    },
    probes: {
      kind: "both",
      readiness: { kind: "command", command: asks("-r") },
      liveness: { kind: "command", command: asks("-l"), delay: 10, timeout: 10, failures: 6 },
    },
  };
}

/** Watches the API for many nodes. */
export function typha(): ContainerSpec {
  const probe = (path: string) =>
    ({ kind: "http", host: "localhost", path, port: TYPHA.healthPort, timeout: 10 }) as const;
  return {
    name: TYPHA.name,
    image: pinnedImage(TYPHA_IMAGES.typha),
    env: {
      TYPHA_LOGSEVERITYSCREEN: "info",
      TYPHA_LOGFILEPATH: "none",
      TYPHA_LOGSEVERITYSYS: "none",
      TYPHA_CONNECTIONREBALANCINGMODE: "kubernetes",
      TYPHA_K8SNAMESPACE: CALICO_NAMESPACE,
      TYPHA_DATASTORETYPE: "kubernetes",
      TYPHA_HEALTHENABLED: "true",
      TYPHA_SHUTDOWNTIMEOUTSECS: "300",
    },
    ports: { [TYPHA.name]: TYPHA.port },
    mounts: [{ kind: "serviceAccount" }],
    resources: { request: { cpuMillis: 100, memoryMiB: 200 }, limit: { cpuMillis: 1000, memoryMiB: 1024 } },
    user: "image",
    security: { reason: "nodes need it before pods have a network", allow: ["hostNetwork"] },
    probes: {
      kind: "both",
      readiness: probe("/readiness"),
      liveness: { ...probe("/liveness"), delay: 30, period: 30 },
    },
  };
}
