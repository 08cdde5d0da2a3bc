/** kubeadm's files, in the format of the release. */
import { stringify } from "yaml";
import { apiOf } from "../../../environment/plan/api";
import { addressText } from "../../../environment/address-text";
import { assertNever } from "../../../errors/assert-never";
import { OIDC_PREFIX } from "../../../environment/people";
import { address } from "../../../values";
import { kubeletConfiguration, kubeletFlags } from "./kubelet";
import type { Node } from "./node";
import { API_SERVER, AUDIT_LOGS, AUDIT_POLICY, DISCOVERY, ENCRYPTION, ETCD_DATA } from "./paths";

const SOCKET = "unix:///run/containerd/containerd.sock";

/**
 * A flush to a cloud disk takes tens of milliseconds, sometimes hundreds: with etcd's defaults of 100 and 1,000 ms an
 * idle cluster holds elections. etcd recommends a ratio of one to ten.
 */
const ETCD_TIMINGS = { "heartbeat-interval": "250", "election-timeout": "2500" } as const;
/** 4 GiB: twice etcd's default, half of its recommended maximum. */
const ETCD_QUOTA = { "quota-backend-bytes": String(4 * 1024 ** 3) } as const;

type Arguments = Readonly<Record<string, string>>;

/** kubeadm's settings of a control plane. */
export interface InitFiles {
  /** Only for initializing the cluster. */
  readonly clusterInit: string;
  /**
   * For all kubeadm runs after the cluster was initialized. With it, etcd refuses to start with an empty folder: lost
   * data is never mistaken for a new cluster.
   */
  readonly init: string;
}

export function initFiles(node: Node): InitFiles {
  const own = stringify(initConfiguration(node));
  const components = [kubeletConfiguration(node), proxyConfiguration(node)].map((each) => stringify(each));
  const withEtcd = (etcd: Arguments): string =>
    [own, stringify(clusterConfiguration(node, etcd)), ...components].join("---\n");
  return { clusterInit: withEtcd({}), init: withEtcd({ "initial-cluster-state": "existing" }) };
}

export function joinFile(node: Node): string {
  const timeout = "2m0s";
  const discovery = { file: { kubeConfigPath: DISCOVERY } };
  return stringify({
    apiVersion: apiVersion(node),
    kind: "JoinConfiguration",
    ...(node.release.kubeadm === "v1beta3"
      ? { discovery: { ...discovery, timeout } }
      : { discovery, timeouts: { discovery: timeout, tlsBootstrap: timeout } }),
    nodeRegistration: registration(node),
    ...(node.controlPlane ? { controlPlane: { localAPIEndpoint: { advertiseAddress: node.address } } } : {}),
  });
}

function initConfiguration(node: Node): object {
  return {
    apiVersion: apiVersion(node),
    kind: "InitConfiguration",
    localAPIEndpoint: { advertiseAddress: node.address },
    nodeRegistration: registration(node),
  };
}

function registration(node: Node): object {
  const { server, plan } = node;
  const apart = node.controlPlane && !plan.cluster.schedulableControlPlane;
  const own = apart ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] : [];
  return {
    name: server.name,
    criSocket: SOCKET,
    // An empty list is explicit, because kubeadm adds its own taint to a control plane that sets none.
    taints: [...own, ...server.taints],
    kubeletExtraArgs: args(node, kubeletFlags(node)),
  };
}

function clusterConfiguration(node: Node, etcd: Arguments): object {
  const { plan, cluster, release } = node;
  return {
    apiVersion: apiVersion(node),
    kind: "ClusterConfiguration",
    clusterName: plan.cluster.name,
    kubernetesVersion: `v${release.release}`,
    imageRepository: cluster.nodes.imageRepository,
    controlPlaneEndpoint: node.endpoint,
    networking: {
      podSubnet: plan.cluster.podCidr,
      serviceSubnet: plan.cluster.serviceCidr,
      dnsDomain: "cluster.local",
    },
    apiServer: {
      certSANs: apiServerNames(node),
      extraArgs: args(node, apiServerArguments(node)),
      extraVolumes: [
        {
          name: "labstead",
          hostPath: API_SERVER,
          mountPath: API_SERVER,
          readOnly: true,
          pathType: "Directory",
        },
        { name: "audit", hostPath: AUDIT_LOGS, mountPath: AUDIT_LOGS, pathType: "DirectoryOrCreate" },
      ],
    },
    controllerManager: { extraArgs: args(node, controllerArguments(node)) },
    etcd: {
      local: { dataDir: ETCD_DATA, extraArgs: args(node, { ...ETCD_TIMINGS, ...ETCD_QUOTA, ...etcd }) },
    },
  };
}

/** All names and addresses that clients may use for the API: no file has to change when its address does. */
export function apiServerNames({ plan }: Node): readonly string[] {
  const api = apiOf(plan.cluster);
  const floating = api.floatingIp === undefined ? [] : [address(`floating/${api.floatingIp}`).toString()];
  // The last two are the ends of a tunnel.
  return [api.serverName, addressText(api.address), ...floating, "localhost", "127.0.0.1"];
}

function apiServerArguments(node: Node): Arguments {
  const { cluster } = node;
  const seconds = String(cluster.nodes.notReadySeconds);
  return {
    "default-not-ready-toleration-seconds": seconds,
    "default-unreachable-toleration-seconds": seconds,
    "encryption-provider-config": ENCRYPTION,
    "encryption-provider-config-automatic-reload": "true",
    "audit-policy-file": AUDIT_POLICY,
    "audit-log-path": `${AUDIT_LOGS}/audit.log`,
    "audit-log-maxage": "30",
    "audit-log-maxbackup": "10",
    "audit-log-maxsize": "100",
    profiling: "false",
    ...oidcArguments(cluster.oidc),
  };
}

function oidcArguments(oidc: Node["cluster"]["oidc"]): Arguments {
  if (oidc === undefined) return {};
  return {
    "oidc-issuer-url": oidc.issuer,
    "oidc-client-id": oidc.clientId,
    "oidc-username-claim": oidc.usernameClaim,
    "oidc-username-prefix": OIDC_PREFIX,
    ...(oidc.groupsClaim === undefined
      ? {}
      : { "oidc-groups-claim": oidc.groupsClaim, "oidc-groups-prefix": OIDC_PREFIX }),
  };
}

/** Kubernetes up to 1.28 had an in-tree cloud provider; an external one needs this argument to replace it. */
function controllerArguments({ cluster, release }: Node): Arguments {
  const outer = cluster.nodes.cloudProvider === "external" && release.kubeadm === "v1beta3";
  return { profiling: "false", ...(outer ? { "cloud-provider": "external" } : {}) };
}

function proxyConfiguration({ plan, cluster }: Node): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clusterCIDR: plan.cluster.podCidr,
    mode: cluster.nodes.proxyMode,
    // The kernel's own limit applies (262,144 from 4 GiB of memory on): kube-proxy's 32,768 for each core is less.
    conntrack: { maxPerCore: 0, min: 0 },
  };
}

function apiVersion({ release }: Node): string {
  return `kubeadm.k8s.io/${release.kubeadm}`;
}

/** A map up to v1beta3, a list since. */
function args({ release }: Node, named: Arguments): object {
  switch (release.kubeadm) {
    case "v1beta3":
      return named;
    case "v1beta4":
      return Object.entries(named).map(([name, value]) => ({ name, value }));
    default:
      return assertNever(release.kubeadm);
  }
}
