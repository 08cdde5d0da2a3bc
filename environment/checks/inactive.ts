/** Settings that open or reserve something, and install nothing: the installation is manual. */
import type { OwnerConfig, ServersEnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import { isNodeRole } from "../plan/rolling";
import { serverSettingsOf } from "./server-settings";

export function checkInactive(config: OwnerConfig): readonly Finding[] {
  return [
    ...checkNetworkPlugin(config),
    ...checkCloudProvider(config),
    ...checkDriver(config),
    ...checkPools(config),
  ];
}

function inactive(path: string, explanation: string, fix: string): Finding {
  return finding("setting.inactive", path, explanation, fix);
}

function checkNetworkPlugin({ cluster: { cni } }: OwnerConfig): readonly Finding[] {
  return [
    inactive(
      "cluster.cni",
      `opens what ${cni.kind} needs between nodes, and does not install it: nodes stay NotReady without it`,
      `install ${cni.kind} when the first control plane answers, with cluster.podCidr as its pod network`,
    ),
  ];
}

function checkCloudProvider({ cluster: { nodes } }: OwnerConfig): readonly Finding[] {
  if (nodes.cloudProvider === "none") return [];
  return [
    inactive(
      "cluster.nodes.cloudProvider",
      '"external" keeps pods off new nodes until a cloud controller manager has initialized them, and installs none',
      "install OpenStack's cloud controller manager, or write none",
    ),
  ];
}

function checkDriver({ storage: { block } }: OwnerConfig): readonly Finding[] {
  return [
    inactive(
      "storage.block",
      `makes the class ${block.className}, and does not install its driver: claims wait for it`,
      "install OpenStack's Cinder CSI driver (cinder.csi.openstack.org)",
    ),
  ];
}

function checkPools({ servers: { workers } }: OwnerConfig): readonly Finding[] {
  return Object.entries(workers).flatMap(([name, { min, max = min, gpu }]) => {
    const path = `servers.workers.${name}`;
    return [
      ...(max > min
        ? [
            inactive(
              `${path}.max`,
              `keeps ${String(max - min)} more addresses free, and no autoscaler is installed that would use them`,
              "raise min when more servers are needed, or install an autoscaler",
            ),
          ]
        : []),
      ...(gpu === undefined
        ? []
        : [
            inactive(
              `${path}.gpu`,
              `counts on ${gpu.resource}, and installs neither a driver nor a device plugin: nodes do not offer it`,
              "install both on these nodes, or choose an image that has the driver",
            ),
          ]),
    ];
  });
}

/** This one is installed on servers that are not nodes. */
const INSTALLED = "node-exporter";

/** Applications of servers, an owner's or a tenant's. */
export function checkApplications(config: ServersEnvironmentConfig): readonly Finding[] {
  return serverSettingsOf(config).flatMap(({ path, role, config: { applications } }) => {
    const missing = applications.filter((each) => each !== INSTALLED || isNodeRole(role));
    if (missing.length === 0) return [];
    return [
      inactive(
        `${path}.applications`,
        `opens the ports of ${missing.join(", ")}, and installs nothing there`,
        "install them on the servers, or leave them out",
      ),
    ];
  });
}
