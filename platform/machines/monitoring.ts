/** Metrics of servers that are not cluster nodes; the cluster's own exporter covers nodes. */
import type { MachinePart } from "./config";

export function monitoringPart(): MachinePart {
  return {
    packages: [{ name: "prometheus-node-exporter" }],
    units: [{ name: "prometheus-node-exporter.service", state: "enabled", needs: [] }],
    checks: [
      {
        name: "node_exporter",
        run: ["systemctl", "is-active", "prometheus-node-exporter.service"],
        timeoutSeconds: 60,
      },
    ],
  };
}
