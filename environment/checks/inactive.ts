/** Settings that open or reserve something, and install nothing: the installation is manual. */
import { hasCloudController } from "../cluster-cloud";
import type { OwnerConfig, ServersEnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import { isNodeRole } from "../plan/rolling";
import { serverSettingsOf } from "./server-settings";

export function checkInactive(config: OwnerConfig): readonly Finding[] {
  return [...checkLoadBalancers(config), ...checkPools(config)];
}

function inactive(path: string, explanation: string, fix: string): Finding {
  return finding("setting.inactive", path, explanation, fix);
}

function checkLoadBalancers(config: OwnerConfig): readonly Finding[] {
  const { kind } = config.cluster.cloud.loadBalancers;
  if (kind === "none" || hasCloudController(config)) return [];
  return [
    inactive(
      "cluster.cloud.loadBalancers.kind",
      `"${kind}" needs the cloud controller manager, which cluster.nodes.cloudProvider none leaves out`,
      "write cluster.nodes.cloudProvider external, or none here too",
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
