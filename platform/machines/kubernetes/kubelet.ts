/** The kubelet: its unit, its configuration for the cluster, and the flags that differ by node. */
import { mayLabelItself } from "../../../environment/node-labels";
import { bootFile, type MachinePart } from "../config";
import type { Node } from "./node";

/** As in the project's own package, so that a package's drop-ins apply; for images with only the program. */
const UNIT = `[Unit]
Description=kubelet: the Kubernetes node agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target containerd.service
Requires=containerd.service
StartLimitIntervalSec=0

[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
Restart=always
RestartSec=3
# Before kubeadm has made its settings there is nothing to run.
ExecCondition=/usr/bin/test -s /var/lib/kubelet/config.yaml

[Install]
WantedBy=multi-user.target
`;

/** Before the server joins there is no kubelet to check, and files pushed then must not be rolled back. */
const HEALTHY =
  "[ ! -s /var/lib/kubelet/config.yaml ] || curl --silent --fail --retry 20 --retry-delay 2 --retry-all-errors http://127.0.0.1:10248/healthz";

export function kubeletPart(node: Node): MachinePart {
  const version = `${node.release.release}-*`;
  return {
    packages: [
      { name: "kubelet", version },
      { name: "kubeadm", version },
      ...(node.controlPlane ? [{ name: "kubectl", version }] : []),
      ...["conntrack", "curl", "ethtool", "ipset", "iptables", "openssl", "socat"].map((name) => ({ name })),
    ],
    files: [bootFile("/etc/systemd/system/kubelet.service", UNIT)],
    units: [{ name: "kubelet.service", state: "enabled", needs: [] }],
    checks: [
      {
        name: "kubelet",
        run: ["sh", "-c", HEALTHY],
        timeoutSeconds: 60,
      },
    ],
  };
}

/**
 * Time for pods to end when their node shuts down, system pods last; pod scopes that are not ended would delay the
 * shutdown by 90 s. Together with `labstead-leave`'s ten seconds it is below Nova's 60 s.
 */
const SHUTDOWN = { shutdownGracePeriod: "30s", shutdownGracePeriodCriticalPods: "10s" } as const;

/** One for the whole cluster: kubeadm stores it in the ConfigMap `kubelet-config`. */
export function kubeletConfiguration({ cluster: { nodes } }: Node): object {
  const free = `${String(nodes.eviction.diskPercent)}%`;
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    cgroupDriver: "systemd",
    rotateCertificates: true,
    ...SHUTDOWN,
    maxPods: nodes.maxPods,
    systemReserved: reserved(nodes.systemReserved),
    kubeReserved: reserved(nodes.kubeReserved),
    evictionHard: {
      "memory.available": nodes.eviction.memory,
      "nodefs.available": free,
      "nodefs.inodesFree": "5%",
      "imagefs.available": free,
      "imagefs.inodesFree": "5%",
    },
    imageGCHighThresholdPercent: nodes.imageGc.high,
    imageGCLowThresholdPercent: nodes.imageGc.low,
  };
}

function reserved({ cpu, memory, disk }: { cpu: string; memory: string; disk: string }): object {
  return { cpu, memory, "ephemeral-storage": disk };
}

/** Flags of this kubelet only; the settings file has no node-specific equivalent. */
export function kubeletFlags({ server, address, cluster }: Node): Readonly<Record<string, string>> {
  const labels = Object.entries(server.labels).filter(([key]) => mayLabelItself(key));
  return {
    "node-ip": address,
    ...(labels.length === 0
      ? {}
      : { "node-labels": labels.map(([key, value]) => `${key}=${value}`).join(",") }),
    ...(cluster.nodes.cloudProvider === "external" ? { "cloud-provider": "external" } : {}),
  };
}
