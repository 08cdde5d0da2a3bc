/**
 * Machine parts that make a server a node of its cluster. A worker needs only its user data: it waits for the API and
 * joins with its own certificate. A control plane waits for its pushed files; it then resumes, joins, or, if permitted,
 * initializes the cluster.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { clusterValues } from "../../../environment/cluster-values";
import { API_PORT } from "../../../environment/plan/constants";
import type { EnvironmentPlan, ServerPlan } from "../../../environment/plan/types";
import { NODE_PORT_RANGE } from "../../../environment/schema/primitives";
import { FIREWALL_UNIT } from "../base/firewall";
import { bootFile, type FileConfig, type MachinePart, type UnitConfig } from "../config";
import { shellSettings } from "../../formats/shell";
import { after } from "../units";
import { containerdPart } from "./containerd";
import { controlPlaneFiles } from "./control-plane";
import { joinFile } from "./kubeadm";
import { kubeletPart } from "./kubelet";
import { nodeOf, peersOf, type Node } from "./node";
import { DISCOVERY, ETCD, ETCD_DATA, JOIN, NODE_SETTINGS, SCRIPTS } from "./paths";

/** @throws Error for a server that is neither a control plane nor a worker: a bug in the program */
export function kubernetesNode(server: ServerPlan, plan: EnvironmentPlan): MachinePart {
  const node = nodeOf(server, plan);
  const [containerd, kubelet] = [containerdPart(node), kubeletPart(node)];
  const sealed = node.controlPlane ? controlPlaneFiles(node) : [];
  return {
    packages: [...(containerd.packages ?? []), ...(kubelet.packages ?? [])],
    files: [...(containerd.files ?? []), ...(kubelet.files ?? []), ...nodeFiles(node), ...sealed],
    units: [...(containerd.units ?? []), ...(kubelet.units ?? []), ...nodeUnits(node, sealed)],
    commands: containerd.commands ?? [],
    checks: kubelet.checks ?? [],
  };
}

const COMMON = ["common.sh", "leave.sh"];
const WORKER = ["worker.sh"];
const CONTROL_PLANE = [
  "control-plane.sh",
  "etcd.sh",
  "check-settings.sh",
  "label-nodes.sh",
  "proxy.sh",
  "release.sh",
  "renew-certificates.sh",
  "upgrade-addons.sh",
];

function nodeFiles(node: Node): readonly FileConfig[] {
  const scripts = [...COMMON, ...(node.controlPlane ? CONTROL_PLANE : WORKER)];
  return [
    ...scripts.map((name) => bootFile(`${SCRIPTS}/${name}`, scriptText(name), "0755")),
    bootFile(NODE_SETTINGS, settings(node)),
    bootFile(DISCOVERY, discovery(node), "0600"),
    bootFile(JOIN, joinFile(node)),
  ];
}

function scriptText(name: string): string {
  return readFileSync(join(__dirname, "scripts", name), "utf8");
}

/** Sourced by the scripts. */
function settings(node: Node): string {
  const values: Readonly<Record<string, string>> = {
    NODE_NAME: node.server.name,
    NODE_ADDRESS: node.address,
    API: `https://${node.endpoint}`,
    ...(node.controlPlane ? { PEERS: peersOf(node).join(" "), ETCD, ETCD_DATA } : {}),
  };
  return shellSettings(values);
}

/** The discovery kubeconfig for `kubeadm join`: endpoint, authority and this node's identity; no token. */
function discovery({ server, endpoint }: Node): string {
  const cluster = {
    server: `https://${endpoint}`,
    "certificate-authority-data": clusterValues.certificate("ca").base64().toString(),
  };
  const user = {
    "client-certificate-data": clusterValues.nodeCertificate(server.key).base64().toString(),
    "client-key-data": clusterValues.nodeKey(server.key).base64().toString(),
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster }],
    users: [{ name: "node", user }],
    contexts: [{ name: "node", context: { cluster: "cluster", user: "node" } }],
    "current-context": "node",
  });
}

/** @param sealed the pushed files, for which a control plane waits */
function nodeUnits(node: Node, sealed: readonly FileConfig[]): readonly UnitConfig[] {
  if (!node.controlPlane)
    return [service("labstead-kubernetes.service", JOINS, "worker.sh", []), leave(node)];
  const needs = sealed.map(({ path }) => path);
  const volume = node.etcdUnit === undefined ? {} : { dropIns: { "10-labstead": after([node.etcdUnit]) } };
  return [
    { ...service("labstead-kubernetes.service", JOINS, "control-plane.sh", needs), ...volume },
    leave(node),
    ...timed("labstead-node-labels", "Labels that nodes may not give themselves", "label-nodes.sh", {
      OnBootSec: "30s",
      OnUnitInactiveSec: "30s",
    }),
    ...timed("labstead-addons", "CoreDNS and kube-proxy follow the control planes", "upgrade-addons.sh", {
      OnBootSec: "30s",
      OnUnitInactiveSec: "30s",
    }),
    ...timed(
      "labstead-certificates",
      "Certificates of this control plane are renewed",
      "renew-certificates.sh",
      {
        OnCalendar: `*-*-${day(node)} 03:00:00`,
        Persistent: "true",
      },
    ),
  ];
}

const JOINS = "This server becomes and stays a node of its cluster";

/** Days apart for each control plane, so that two never renew at once: slots 0 to 5 use the 1st, 6th … 26th. */
function day({ server }: Node): string {
  return String(1 + ((server.slot * 5) % 30)).padStart(2, "0");
}

function service(name: string, description: string, script: string, needs: readonly string[]): UnitConfig {
  return {
    name,
    content: `[Unit]
Description=${description}
Wants=network-online.target
After=network-online.target containerd.service
Requires=containerd.service

[Service]
Type=exec
RemainAfterExit=yes
ExecStart=${SCRIPTS}/${script}
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
`,
    state: "enabled",
    needs,
  };
}

/** Stopped before all services, because it starts after them. */
function leave({ controlPlane }: Node): UnitConfig {
  const { from, to } = NODE_PORT_RANGE;
  const ports = [...(controlPlane ? [API_PORT] : []), `${from}-${to}`];
  return {
    name: "labstead-leave.service",
    content: `[Unit]
Description=New connections go to other servers while this one shuts down
After=network-online.target ${FIREWALL_UNIT} containerd.service kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft "add table inet labstead_leave; delete table inet labstead_leave"
ExecStop=${SCRIPTS}/leave.sh ${ports.join(" ")}

[Install]
WantedBy=multi-user.target
`,
    state: "enabled",
    needs: [],
  };
}

function timed(
  name: string,
  description: string,
  script: string,
  when: Readonly<Record<string, string>>,
): readonly UnitConfig[] {
  const times = Object.entries(when).map(([key, value]) => `${key}=${value}`);
  return [
    {
      name: `${name}.service`,
      content: `[Unit]
Description=${description}
ConditionPathExists=/etc/kubernetes/admin.conf

[Service]
Type=oneshot
ExecStart=${SCRIPTS}/${script}
`,
      state: "disabled",
      needs: [],
    },
    {
      name: `${name}.timer`,
      content: `[Unit]
Description=${description}

[Timer]
${times.join("\n")}

[Install]
WantedBy=timers.target
`,
      state: "enabled",
      needs: [],
    },
  ];
}
